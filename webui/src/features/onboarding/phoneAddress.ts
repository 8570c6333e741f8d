/**
 * The address that a phone should open first. Where browsers don't know the certificate, that is the page without
 * encryption, which explains the warning and hands out the certificate; else the secure one.
 */
import type { Trust } from '../../protocol/generated/Trust';

/** Ports of the secure address and of the plain page that belong together (appliance/src/config.rs, and the usual ones). */
const PLAIN: Readonly<Record<string, string>> = { '': '', 8443: ':8080' };

const isLoopback = (name: string) => name === 'localhost' || name.endsWith('.localhost') || name.startsWith('127.') || name === '::1' || name === '[::1]';
const isLinkLocal = (name: string) => /^\[?fe80:/i.test(name);

export interface Place {
  hostname: string;
  port: string;
}

export function phoneAddress({ hostname, port }: Place, trust: Pick<Trust, 'names' | 'ownCertificate'>): string {
  // What this browser uses works; only this machine itself can't be found by that name from elsewhere.
  const known = isLoopback(hostname) ? trust.names.find((name) => !isLoopback(name) && !isLinkLocal(name)) : undefined;
  const name = known ?? hostname;
  const host = name.includes(':') && !name.startsWith('[') ? `[${name}]` : name;
  const plain = trust.ownCertificate ? undefined : PLAIN[port];
  return plain === undefined ? `https://${host}${port === '' ? '' : `:${port}`}/` : `http://${host}${plain}/`;
}
