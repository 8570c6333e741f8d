import { beforeEach, describe, expect, test } from 'vitest';
import type { Room } from '../../protocol/generated/Room';
import type { Welcome } from '../../protocol/generated/Welcome';
import { fakeClock, type FakeClock } from '../../test/fakeClock';
import { fakeTable, type FakeTable } from '../../test/fakeTable';
import { ALICE, BRUNO, CHLOE, posted, room, ROOM, user, welcome } from '../../test/samples';
import { roomName } from './names';
import { createRoomStore, isMember, otherMember, presenceOf, type RoomStore } from './roomStore';

let clock: FakeClock;
let table: FakeTable;
let store: RoomStore;

beforeEach(() => {
  clock = fakeClock();
  table = fakeTable();
  store = createRoomStore({ clock, table });
});

const greet = (more: Partial<Welcome> = {}) => store.apply({ type: 'welcome', ...welcome(more) });
const names = (rooms: readonly Room[]) => rooms.map((one) => roomName(store, one));
const members = (...users: string[]) => users.map((one) => ({ user: one, access: 'write' as const, read: 0 }));

const ROOMS: Room[] = [
  room({ id: 'r1', name: 'zebra' }),
  room({ id: 'r2', name: 'Équipe' }),
  room({ id: 'r3', name: 'room 10' }),
  room({ id: 'r4', name: 'room 9' }),
  room({ id: 'r5', name: 'old', archived: true }),
  room({ id: 'r6', name: 'open', members: members(BRUNO) }),
  room({ id: 'd1', kind: 'direct', name: '', members: members(ALICE, BRUNO), lastAt: 5 }),
  room({ id: 'd2', kind: 'direct', name: '', members: members(ALICE, CHLOE), lastAt: 9 }),
];

describe('the list', () => {
  beforeEach(() => greet({ rooms: ROOMS }));

  test('has rooms by name in the way people sort, people by the latest', () => {
    expect(names(store.mine.value)).toEqual(['Équipe', 'room 9', 'room 10', 'zebra']);
    expect(names(store.directs.value)).toEqual(['Chloé', 'Bruno']);
    expect(names(store.joinable.value)).toEqual(['open']);
    expect(names(store.archived.value)).toEqual(['old']);
  });

  test('follows joining, leaving and archiving', () => {
    store.apply({ type: 'room_changed', ...ROOMS[5]!, members: members(BRUNO, ALICE) });
    store.apply({ type: 'room_changed', ...ROOMS[0]!, archived: true });
    store.apply({ type: 'room_removed', room: 'r2' });
    expect(names(store.mine.value)).toEqual(['open', 'room 9', 'room 10']);
    expect(names(store.archived.value)).toEqual(['old', 'zebra']);
  });

  test('a message moves direct messages up', () => {
    store.apply({ type: 'room_events', room: 'd1', events: [posted(1, 'hi', { room: 'd1', at: 50 })] });
    expect(names(store.directs.value)).toEqual(['Bruno', 'Chloé']);
  });

  test('counts are summed and replaced', () => {
    store.apply({ type: 'unread_changed', room: 'r1', unread: { messages: 3, mentions: 1 } });
    store.apply({ type: 'unread_changed', room: 'd1', unread: { messages: 2, mentions: 2 } });
    store.apply({ type: 'unread_changed', room: 'r1', unread: { messages: 1, mentions: 0 } });
    expect([store.unreadMessages.value, store.unreadMentions.value]).toEqual([3, 2]);
  });
});

describe('what the box says', () => {
  beforeEach(() => greet());

  test('people change, also the own account', () => {
    store.apply({ type: 'user_changed', ...user(BRUNO, 'Bruno Petit') });
    store.apply({ type: 'user_changed', ...user('0000000000004', 'Dora') });
    store.apply({ type: 'account_changed', ...store.account.value!, statusText: 'lunch' });
    store.apply({ type: 'team_changed', name: 'Studio' });
    expect([...store.users.value.values()].map((one) => one.name)).toEqual(['Alice', 'Bruno Petit', 'Chloé', 'Dora']);
    expect(store.account.value?.statusText).toBe('lunch');
    expect(store.team.value).toBe('Studio');
  });

  test('presence is offline until the box says otherwise', () => {
    expect(presenceOf(store, BRUNO)).toBe('offline');
    store.apply({ type: 'presence', user: BRUNO, state: 'away', text: '' });
    expect(presenceOf(store, BRUNO)).toBe('away');
    greet();
    expect(presenceOf(store, BRUNO)).toBe('offline');
  });

  test('read marks move on the member', () => {
    store.apply({ type: 'read_mark', room: ROOM, user: BRUNO, seq: 7 });
    store.apply({ type: 'read_mark', room: 'unknown', user: BRUNO, seq: 7 });
    expect(store.rooms.value.get(ROOM)?.members.map((one) => one.read)).toEqual([0, 7, 0]);
  });

  test('missed events that come late do not move the end back', () => {
    store.apply({ type: 'room_changed', ...room({ lastSeq: 9, lastAt: 90 }) });
    store.apply({ type: 'room_events', room: ROOM, events: [posted(4)] });
    expect(store.rooms.value.get(ROOM)?.lastSeq).toBe(9);
  });

  test('the disk is full until it is not', () => {
    store.apply({ type: 'storage', state: 'full' });
    expect(store.storage.value).toBe('full');
    greet();
    expect(store.storage.value).toBe('ok');
  });
});

describe('typing', () => {
  const type = (who: string, on = true) => store.apply({ type: 'typing', room: ROOM, user: who, on });

  beforeEach(() => greet());

  test('ends by itself after six seconds, later when it is renewed', async () => {
    type(BRUNO);
    await clock.advance(4_000);
    type(BRUNO);
    await clock.advance(5_999);
    expect(store.typing(ROOM)).toEqual([BRUNO]);
    await clock.advance(1);
    expect(store.typing(ROOM)).toEqual([]);
  });

  test('ends when they stop, and with what they write', () => {
    type(BRUNO);
    type(CHLOE);
    type(BRUNO, false);
    expect(store.typing(ROOM)).toEqual([CHLOE]);
    store.apply({ type: 'room_events', room: ROOM, events: [posted(1, 'hi', { by: CHLOE })] });
    expect(store.typing(ROOM)).toEqual([]);
  });

  test('concerns others and this room only', () => {
    type(ALICE);
    store.apply({ type: 'typing', room: `${ROOM}x`, user: BRUNO, on: true });
    expect(store.typing(ROOM)).toEqual([]);
  });
});

describe('this browser', () => {
  test('opens with what it knew', async () => {
    greet();
    await clock.advance(500);
    const reloaded = createRoomStore({ clock, table });
    await reloaded.load();
    expect(reloaded.account.value?.user.id).toBe(ALICE);
    expect(reloaded.rooms.value.get(ROOM)?.name).toBe('general');
    expect(reloaded.asOf.value).toBe(store.asOf.value);
  });

  test('what the box said meanwhile is not overwritten by what was kept', async () => {
    greet({ team: { name: 'Old' } });
    await clock.advance(500);
    const reloaded = createRoomStore({ clock, table });
    reloaded.apply({ type: 'welcome', ...welcome({ team: { name: 'New' } }) });
    await reloaded.load();
    expect(reloaded.team.value).toBe('New');
  });

  test('forgets everything at sign-out, and writes nothing afterwards', async () => {
    greet({ storage: 'full' });
    store.apply({ type: 'typing', room: ROOM, user: BRUNO, on: true });
    store.forget();
    await clock.advance(60_000);
    expect(table.keys()).toEqual([]);
    expect([store.account.value, store.team.value, store.users.value.size, store.rooms.value.size, store.storage.value]).toEqual([null, '', 0, 0, 'ok']);
    expect(store.typing(ROOM)).toEqual([]);
  });
});

test('members and the other one of two', () => {
  expect(isMember(room({ members: members(BRUNO) }), ALICE)).toBe(false);
  expect(isMember(room(), ALICE)).toBe(true);
  expect(isMember(room(), undefined)).toBe(false);
  expect(otherMember(room({ members: members(ALICE, BRUNO) }), ALICE)).toBe(BRUNO);
});
