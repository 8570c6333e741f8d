/** Values of the protocol for tests: a team of Alice (owner), Bruno and Chloé. */
import type { Account } from '../protocol/generated/Account';
import type { ChatMessage } from '../protocol/generated/ChatMessage';
import type { HistoryItem } from '../protocol/generated/HistoryItem';
import type { HistoryPage } from '../protocol/generated/HistoryPage';
import type { Room } from '../protocol/generated/Room';
import type { RoomEvent } from '../protocol/generated/RoomEvent';
import type { RoomEventKind } from '../protocol/generated/RoomEventKind';
import type { User } from '../protocol/generated/User';
import type { Welcome } from '../protocol/generated/Welcome';

export const ALICE = '0000000000001';
export const BRUNO = '0000000000002';
export const CHLOE = '0000000000003';
export const ROOM = '00000000000r1';

export function user(id: string, name: string, more: Partial<User> = {}): User {
  return { id, userName: name.toLowerCase(), name, role: 'member', color: 0, removed: false, ...more };
}

export const USERS: User[] = [user(ALICE, 'Alice', { role: 'owner' }), user(BRUNO, 'Bruno'), user(CHLOE, 'Chloé', { userName: 'chloe' })];

export function account(id = ALICE): Account {
  const found = USERS.find((one) => one.id === id)!;
  return { user: found, availability: 'automatic', statusText: '', setupDone: ['trust', 'people'] };
}

export function room(more: Partial<Room> = {}): Room {
  return {
    id: ROOM,
    kind: 'room',
    visibility: 'open',
    name: 'general',
    topic: '',
    archived: false,
    members: USERS.map((one) => ({ user: one.id, access: 'write', read: 0 })),
    lastSeq: 0,
    lastAt: 0,
    epoch: 0,
    unread: { messages: 0, mentions: 0 },
    ...more,
  };
}

export function welcome(more: Partial<Welcome> = {}): Welcome {
  return {
    protocol: 1,
    version: '0.1.0',
    session: '00000000000s1',
    now: 1_000_000,
    account: account(),
    team: { name: 'Atelier' },
    users: USERS,
    rooms: [room()],
    presence: [],
    devices: { devices: [], epoch: 0 },
    issuer: { identity: '', keyset: '', signature: '', boot: 1 },
    calls: [],
    storage: 'ok',
    ...more,
  };
}

export function message(seq: number, more: Partial<ChatMessage> = {}): ChatMessage {
  return {
    seq,
    at: 1_000_000 + seq,
    by: BRUNO,
    text: `message ${seq}`,
    mentions: [],
    everyone: false,
    deleted: false,
    pinned: false,
    reactions: [],
    rev: seq,
    ...more,
  };
}

export function line(seq: number, more: Partial<ChatMessage> = {}): HistoryItem {
  return { type: 'message', ...message(seq, more) };
}

export function page(items: HistoryItem[], more: Partial<HistoryPage> = {}): HistoryPage {
  return { items, atStart: true, atEnd: true, lastSeq: items.at(-1)?.seq ?? 0, ...more };
}

export function event(seq: number, change: RoomEventKind, more: Partial<RoomEvent> = {}): RoomEvent {
  return { room: ROOM, seq, at: 1_000_000 + seq, by: BRUNO, change, ...more };
}

export function posted(seq: number, text = `message ${seq}`, more: Partial<RoomEvent> = {}): RoomEvent {
  return event(seq, { type: 'posted', text, mentions: [], everyone: false }, more);
}
