import { expect, test } from 'vitest';
import { phoneAddress } from './phoneAddress';

const NAMES = ['localhost', '127.0.0.1', '::1', 'fe80::1', 'mesh.local', '192.168.1.5'];

test.each<[string, string, boolean, string]>([
  ['mesh.local', '8443', false, 'http://mesh.local:8080/'],
  ['mesh.local', '', false, 'http://mesh.local/'],
  ['192.168.1.5', '8443', false, 'http://192.168.1.5:8080/'],
  // Whoever chose another port may have chosen another one for the plain page, too.
  ['mesh.local', '9443', false, 'https://mesh.local:9443/'],
  ['mesh.example.org', '', true, 'https://mesh.example.org/'],
  ['localhost', '8443', false, 'http://mesh.local:8080/'],
  ['[::1]', '8443', true, 'https://mesh.local:8443/'],
])('from %s:%s, own certificate %s', (hostname, port, ownCertificate, expected) => {
  expect(phoneAddress({ hostname, port }, { names: NAMES, ownCertificate })).toBe(expected);
});

test('an address in numbers is written as addresses are', () => {
  expect(phoneAddress({ hostname: 'localhost', port: '8443' }, { names: ['localhost', 'fd00::5'], ownCertificate: false })).toBe('http://[fd00::5]:8080/');
});

test('a box that knows no other name keeps this one', () => {
  expect(phoneAddress({ hostname: 'localhost', port: '8443' }, { names: ['localhost'], ownCertificate: false })).toBe('http://localhost:8080/');
});
