/** Both languages read protocol/fixtures: one golden sample of every message. */
import { expect, test } from 'vitest';
import { readFixture, readRoot } from '../test/fixtures';
import { decode, encode, PROTOCOL } from './codec';
import type { ClientMessage } from './generated/ClientMessage';
import type { ServerMessage } from './generated/ServerMessage';

const client = readFixture<{ name: string; message: ClientMessage }[]>('client');
const server = readFixture<{ name: string; message: ServerMessage }[]>('server');

const SAID: Record<ClientMessage['type'], true> = {
  hello: true, chat_send: true, chat_edit: true, chat_delete: true, chat_react: true, chat_pin: true, chat_typing: true, chat_read: true,
  chat_unread: true, history: true, pins: true, revisions: true, search: true, presence_set: true, presence_activity: true, ping: true,
  call_join: true, call_leave: true, call_show: true, call_react: true, signal: true, capability: true,
};
const HEARD: Record<ServerMessage['type'], true> = {
  welcome: true, room_events: true, room_reset: true, caught_up: true, chat_ack: true, chat_refused: true, typing: true, read_mark: true,
  unread_changed: true, history: true, pins: true, revisions: true, search: true, request_refused: true, team_changed: true,
  user_changed: true, account_changed: true, room_changed: true, room_removed: true, presence: true, storage: true, pong: true, error: true,
  devices_changed: true, issuer_changed: true, call_changed: true, call_ended: true, call_reaction: true, signal: true, capability: true,
  goodbye: true,
};

test('there is a sample of everything that can be said', () => {
  expect(new Set(client.map(({ message }) => message.type))).toEqual(new Set(Object.keys(SAID)));
  expect(new Set(server.map(({ message }) => message.type))).toEqual(new Set(Object.keys(HEARD)));
});

test.each(client)('the box reads what is sent: $name', ({ message }) => {
  expect(JSON.parse(encode(message))).toEqual(message);
});

test.each(server)('what the box sends is read: $name', ({ message }) => {
  expect(decode(JSON.stringify(message))).toEqual(message);
});

test.each(['', '{', 'null', '1', '"x"', '[]', '{}', '{"type":1}', '{"type":null}', '\u0000'])('%j is no message', (text) => {
  expect(decode(text)).toBe(null);
});

test('the version is that of the box', () => {
  expect(readRoot('protocol/src/version.rs')).toContain(`pub const CURRENT: u16 = ${PROTOCOL};`);
});
