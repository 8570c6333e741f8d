import { effect } from '@preact/signals-core';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { ClientMessage } from '../../protocol/generated/ClientMessage';
import type { HistoryPage } from '../../protocol/generated/HistoryPage';
import type { Room } from '../../protocol/generated/Room';
import { createConnection, type Connection } from '../../protocol/connection';
import { fakeClock, settle, type FakeClock } from '../../test/fakeClock';
import { fakeSockets, type FakeSockets } from '../../test/fakeSocket';
import { fakeTable, type FakeTable } from '../../test/fakeTable';
import { ALICE, BRUNO, event, line, page, posted, room, ROOM, welcome } from '../../test/samples';
import { createChatStore, type ChatStore } from './chatStore';

const OTHER = '00000000000r2';

let clock: FakeClock;
let table: FakeTable;
let sockets: FakeSockets;
let connection: Connection;
let chat: ChatStore;
let lastSeq = 0;

/** Starts the page: on the same table, it is a reload. */
function start() {
  let tags = 0;
  sockets = fakeSockets();
  chat = createChatStore({
    clock,
    table,
    connection: () => connection,
    uuid: () => `${clock.now()}-${(tags += 1)}`,
    lastSeq: () => lastSeq,
  });
  connection = createConnection({
    openSocket: sockets.openSocket,
    clock,
    random: () => 0,
    resume: () => chat.resume(),
    receive: (message) => chat.apply(message),
    isSignedOut: async () => false,
  });
}

function greet(rooms: Room[] = [room(), room({ id: OTHER })], isCaughtUp = true) {
  sockets.latest().open();
  sockets.latest().say({ type: 'welcome', ...welcome({ rooms }) });
  if (isCaughtUp) sockets.latest().say({ type: 'caught_up' });
}

function connect(rooms?: Room[]) {
  connection.start();
  greet(rooms);
}

const sent = <T extends ClientMessage['type']>(type: T) =>
  sockets.latest().sent.filter((one): one is Extract<ClientMessage, { type: T }> => one.type === type);

async function answer(found: HistoryPage) {
  const asked = sent('history').at(-1)!;
  sockets.latest().say({ type: 'history', request: asked.request, room: asked.room, page: found });
  await settle();
}

const say = (...events: ReturnType<typeof posted>[]) => sockets.latest().say({ type: 'room_events', room: ROOM, events });
const timeline = () => chat.open(ROOM).timeline.peek();
const seqs = () => timeline().items.map((item) => item.seq);
const lines = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => line(from + index));

beforeEach(() => {
  clock = fakeClock();
  table = fakeTable();
  lastSeq = 0;
  start();
});

describe('opening a room', () => {
  test('asks for the newest page once', async () => {
    connect();
    chat.open(ROOM);
    chat.open(ROOM);
    expect(sent('history')).toEqual([expect.objectContaining({ room: ROOM, from: { type: 'latest' } })]);
    await answer(page(lines(1, 3)));
    expect(seqs()).toEqual([1, 2, 3]);
    expect(chat.open(ROOM).loading.peek()).toBe('idle');
  });

  test('without the box it fails, and the welcome loads it', async () => {
    chat.open(ROOM);
    await settle();
    expect(chat.open(ROOM).loading.peek()).toBe('failed');
    connect();
    await answer(page(lines(1, 3)));
    expect(seqs()).toEqual([1, 2, 3]);
  });

  test('a failed first page can be asked for again', async () => {
    connect();
    chat.open(ROOM);
    const asked = sent('history').at(-1)!;
    sockets.latest().say({ type: 'request_refused', request: asked.request, error: { code: 'busy', message: '' } });
    await settle();
    expect(chat.open(ROOM).loading.peek()).toBe('failed');
    chat.loadAfter(ROOM);
    await answer(page(lines(1, 3)));
    expect(seqs()).toEqual([1, 2, 3]);
  });

  test('a link to an old message wins over the newest page that is on its way', async () => {
    connect();
    chat.open(ROOM);
    const latest = sent('history').at(-1)!;
    const jumped = chat.jump(ROOM, 5);
    await answer(page(lines(1, 10), { atEnd: false, lastSeq: 90 }));
    expect(await jumped).toBe(true);
    sockets.latest().say({ type: 'history', request: latest.request, room: ROOM, page: page(lines(41, 90)) });
    await settle();
    expect(seqs()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  test('a link to a message that does not exist says so', async () => {
    connect();
    const jumped = chat.jump(ROOM, 50);
    await answer(page(lines(1, 3)));
    expect(await jumped).toBe(false);
  });
});

describe('keeping up', () => {
  beforeEach(async () => {
    connect();
    chat.open(ROOM);
    await answer(page(lines(1, 3)));
  });

  test('events are appended, duplicates are not', () => {
    say(posted(4), posted(5));
    say(posted(5));
    expect(seqs()).toEqual([1, 2, 3, 4, 5]);
  });

  test('a gap is closed by a fresh page, asked for once', async () => {
    say(posted(6));
    say(posted(7));
    expect(sent('history')).toHaveLength(2);
    await answer(page(lines(1, 7)));
    say(posted(8));
    expect(seqs()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test('a page that events have overtaken is asked for again', async () => {
    say(posted(6));
    say(posted(7));
    await answer(page(lines(1, 6)));
    expect(sent('history')).toHaveLength(3);
    await answer(page(lines(1, 7)));
    expect(seqs()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test('a reset starts over', () => {
    sockets.latest().say({ type: 'room_reset', room: ROOM, page: page(lines(80, 90), { atStart: false }) });
    say(posted(91));
    expect(seqs()[0]).toBe(80);
    expect(seqs().at(-1)).toBe(91);
  });

  test('an older page that belongs to a former window is not put into the new one', async () => {
    sockets.latest().say({ type: 'room_reset', room: ROOM, page: page(lines(80, 90), { atStart: false }) });
    chat.loadBefore(ROOM);
    const old = sent('history').at(-1)!;
    sockets.latest().say({ type: 'room_reset', room: ROOM, page: page(lines(200, 210), { atStart: false }) });
    sockets.latest().say({ type: 'history', request: old.request, room: ROOM, page: page(lines(30, 79)) });
    await settle();
    expect(seqs()[0]).toBe(200);
    expect(chat.open(ROOM).loading.peek()).toBe('idle');
  });

  test('a resume says where each copy ends, and goes on from there', () => {
    say(posted(4));
    sockets.latest().drop();
    connection.retryNow();
    greet(undefined, false);
    expect(sent('hello')).toEqual([{ type: 'hello', protocol: 1, resume: [{ room: ROOM, seq: 4 }] }]);
    say(posted(5));
    sockets.latest().say({ type: 'caught_up' });
    expect(seqs()).toEqual([1, 2, 3, 4, 5]);
    expect(sent('history')).toEqual([]);
  });

  test('a room that is still behind when all was sent is loaded afresh', async () => {
    sockets.latest().drop();
    connection.retryNow();
    greet([room({ lastSeq: 6 })]);
    await answer(page(lines(1, 6)));
    expect(seqs()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('nothing is kept of a room that the person is no longer in', async () => {
    await clock.advance(1_000);
    expect(table.keys()).toEqual([`room/${ROOM}`]);
    sockets.latest().drop();
    connection.retryNow();
    greet([room({ members: [{ user: BRUNO, access: 'write', read: 0 }] })]);
    await clock.advance(2_000);
    expect(table.keys()).toEqual([]);
    expect(chat.resume()).toEqual([]);
  });

  test('a room that is removed is not written to the disk a moment later', async () => {
    say(posted(4));
    sockets.latest().say({ type: 'room_removed', room: ROOM });
    await clock.advance(5_000);
    expect(table.keys()).toEqual([]);
  });
});

describe('paging', () => {
  beforeEach(async () => {
    connect();
    chat.open(ROOM);
    await answer(page(lines(51, 100), { atStart: false }));
  });

  test('goes back to the first line and asks for nothing before it', async () => {
    chat.loadBefore(ROOM);
    chat.loadBefore(ROOM);
    expect(sent('history').at(-1)).toMatchObject({ from: { type: 'before', seq: 51 } });
    expect(sent('history')).toHaveLength(2);
    await answer(page(lines(1, 50), { atEnd: false, lastSeq: 100 }));
    expect(seqs()).toHaveLength(100);
    chat.loadBefore(ROOM);
    expect(sent('history')).toHaveLength(2);
  });

  test('a page that fails can be tried again', async () => {
    chat.loadBefore(ROOM);
    const asked = sent('history').at(-1)!;
    sockets.latest().say({ type: 'request_refused', request: asked.request, error: { code: 'busy', message: '' } });
    await settle();
    expect(chat.open(ROOM).loading.peek()).toBe('failed');
    chat.loadBefore(ROOM);
    await answer(page(lines(1, 50), { atEnd: false, lastSeq: 100 }));
    expect(seqs()).toHaveLength(100);
  });

  test('from a jump into the past back to the end', async () => {
    const jumped = chat.jump(ROOM, 20);
    await answer(page(lines(1, 40), { atEnd: false, lastSeq: 100 }));
    await jumped;
    say(posted(101));
    expect(timeline().atEnd).toBe(false);
    chat.loadAfter(ROOM);
    expect(sent('history').at(-1)).toMatchObject({ from: { type: 'after', seq: 40 } });
    await answer(page(lines(41, 101), { atStart: false }));
    say(posted(102));
    expect(seqs().at(-1)).toBe(102);
    expect(new Set(seqs()).size).toBe(102);
  });

  test('somebody who writes in the past sees the end again', async () => {
    const jumped = chat.jump(ROOM, 20);
    await answer(page(lines(1, 40), { atEnd: false, lastSeq: 100 }));
    await jumped;
    chat.send(ROOM, 'hello');
    expect(sent('history').at(-1)).toMatchObject({ from: { type: 'latest' } });
  });
});

describe('writing', () => {
  test('the pending line gives way to the event with its tag', async () => {
    connect();
    chat.open(ROOM);
    await answer(page(lines(1, 3)));
    chat.send(ROOM, 'hello', 2);
    await settle();
    const { tag } = sent('chat_send')[0]!;
    expect(sent('chat_send')[0]).toEqual({ type: 'chat_send', tag, room: ROOM, text: 'hello', replyTo: 2 });
    say(posted(4, 'hello', { by: ALICE, tag }));
    expect(chat.outbox.pending.peek()).toEqual([]);
    expect(seqs()).toEqual([1, 2, 3, 4]);
    sockets.latest().say({ type: 'chat_ack', tag, room: ROOM, seq: 4 });
    expect(seqs()).toEqual([1, 2, 3, 4]);
  });

  test('what is written without the box leaves with the welcome, after a reload too', async () => {
    chat.send(ROOM, 'one');
    await clock.advance(3);
    chat.send(ROOM, 'two');
    await settle();
    start();
    await chat.load();
    expect(chat.outbox.pending.peek()).toHaveLength(2);
    connect();
    expect(sent('chat_send').map((one) => one.text)).toEqual(['one', 'two']);
  });

  test('an acknowledgement alone is enough, as for a repeated tag', async () => {
    connect();
    chat.send(ROOM, 'hello');
    await settle();
    sockets.latest().say({ type: 'chat_ack', tag: sent('chat_send')[0]!.tag, room: ROOM, seq: 4 });
    expect(chat.outbox.pending.peek()).toEqual([]);
  });

  test('a deletion of what is deleted is done', async () => {
    connect();
    chat.remove(ROOM, 2);
    await settle();
    const { tag } = sent('chat_delete')[0]!;
    sockets.latest().say({ type: 'chat_refused', tag, room: ROOM, error: { code: 'message_deleted', message: '' } });
    expect(chat.outbox.pending.peek()).toEqual([]);
  });

  test('typing is told at most every three seconds, and its end once', async () => {
    connect();
    for (const wait of [0, 1_000, 1_900, 100]) {
      await clock.advance(wait);
      chat.typed(ROOM, true);
    }
    chat.typed(ROOM, false);
    chat.typed(ROOM, false);
    expect(sent('chat_typing').map((one) => one.on)).toEqual([true, true, false]);
  });

  test('drafts survive a reload and go with their text', async () => {
    chat.setDraft(ROOM, 'half a');
    chat.setDraft(OTHER, 'x');
    chat.setDraft(OTHER, '');
    await settle();
    start();
    await chat.load();
    expect(chat.draft(ROOM)).toBe('half a');
    expect(chat.draft(OTHER)).toBe('');
    expect(table.keys()).toEqual([`draft/${ROOM}`]);
  });

  test('what the missed events show as sent is not sent again', async () => {
    connect();
    chat.send(ROOM, 'arrived');
    chat.send(ROOM, 'lost');
    await settle();
    const [arrived] = sent('chat_send');
    sockets.latest().drop();
    connection.retryNow();
    greet(undefined, false);
    expect(sent('chat_send')).toEqual([]);
    sockets.latest().say({ type: 'room_events', room: ROOM, events: [posted(1, 'arrived', { by: ALICE, tag: arrived!.tag })] });
    sockets.latest().say({ type: 'caught_up' });
    expect(sent('chat_send').map((one) => one.text)).toEqual(['lost']);
  });

  test('what is taken back is a draft on the disk before it leaves what waits, and once', async () => {
    chat.setDraft(ROOM, 'half');
    chat.send(ROOM, 'refused');
    await settle();
    const [one] = chat.outbox.pending.peek();
    let onDisk: Promise<unknown> | null = null;
    const stop = effect(() => {
      if (chat.outbox.pending.value.length === 0) onDisk = table.get(`draft/${ROOM}`);
    });
    await Promise.all([chat.takeBack(one!.message.tag), chat.takeBack(one!.message.tag), chat.takeBack('unknown')]);
    stop();
    expect(await onDisk).toBe('half\n\nrefused');
    expect(chat.draft(ROOM)).toBe('half\n\nrefused');
  });

  test('a full disk loses nothing that is taken back', async () => {
    table.fail();
    chat.send(ROOM, 'refused');
    await settle();
    await chat.takeBack(chat.outbox.pending.peek()[0]!.message.tag);
    expect([chat.draft(ROOM), chat.outbox.pending.peek()]).toEqual(['refused', []]);
  });
});

describe('deleting with time to think', () => {
  test('leaves after ten seconds', async () => {
    connect();
    const ended = vi.fn();
    chat.removeSoon(ROOM, 2, ended);
    await clock.advance(8_000 - 1);
    expect(sent('chat_delete')).toEqual([]);
    expect(ended).not.toHaveBeenCalled();
    const ping = sent('ping').at(-1)!;
    sockets.latest().say({ type: 'pong', nonce: ping.nonce, now: 0 });
    await clock.advance(2_001);
    expect(sent('chat_delete')).toEqual([expect.objectContaining({ room: ROOM, target: 2 })]);
    expect(ended).toHaveBeenCalledTimes(1);
  });

  test('taken back, it never leaves', async () => {
    connect();
    const ended = vi.fn();
    const undo = chat.removeSoon(ROOM, 2, ended);
    undo();
    undo();
    await clock.advance(20_000);
    expect(sent('chat_delete')).toEqual([]);
    expect(ended).toHaveBeenCalledTimes(1);
    expect(table.keys()).toEqual([]);
  });

  test('a closed tab deletes at its next start, when the time is over', async () => {
    chat.removeSoon(ROOM, 2, () => {});
    await clock.advance(4_000);
    start();
    connect();
    await chat.load();
    await clock.advance(5_999);
    expect(sent('chat_delete')).toEqual([]);
    await clock.advance(1);
    expect(sent('chat_delete')).toHaveLength(1);
    expect(table.keys().filter((key) => key.startsWith('deleting/'))).toEqual([]);
  });

  test('a second tab heeds that the first one took it back', async () => {
    const undo = chat.removeSoon(ROOM, 2, () => {});
    start();
    await chat.load();
    undo();
    connect();
    await clock.advance(20_000);
    expect(sent('chat_delete')).toEqual([]);
  });
});

describe('read marks', () => {
  const reads = () => sent('chat_read').map((one) => one.seq);
  const mark = (seq: number) => sockets.latest().say({ type: 'read_mark', room: ROOM, user: ALICE, seq });

  test('only move forward', () => {
    connect();
    for (const seq of [3, 3, 2, 5]) chat.read(ROOM, seq);
    expect(reads()).toEqual([3, 5]);
  });

  test('what was seen without the box is told when it is back', () => {
    chat.read(ROOM, 3);
    connect();
    expect(reads()).toEqual([3]);
  });

  test('what another device has told already is not repeated', () => {
    chat.read(ROOM, 3);
    connect([room({ members: [{ user: ALICE, access: 'write', read: 4 }] })]);
    expect(reads()).toEqual([]);
  });

  test('unread from here stays although the message is on the screen, until something new comes', () => {
    lastSeq = 5;
    connect();
    chat.open(ROOM);
    chat.read(ROOM, 5);
    mark(5);
    chat.unreadFrom(ROOM, 3);
    mark(2);
    chat.read(ROOM, 5);
    expect(reads()).toEqual([5]);
    chat.read(ROOM, 6);
    expect(reads()).toEqual([5, 6]);
  });

  test('unread from here ends when the person comes back to the room', () => {
    lastSeq = 5;
    connect();
    chat.open(ROOM);
    chat.unreadFrom(ROOM, 3);
    mark(2);
    chat.open(OTHER);
    chat.open(ROOM);
    chat.read(ROOM, 5);
    expect(reads()).toEqual([5]);
  });

  test('a mark set back on another device is heeded, an old echo is not taken for one', () => {
    lastSeq = 9;
    connect();
    chat.read(ROOM, 5);
    chat.read(ROOM, 7);
    mark(5);
    chat.read(ROOM, 9);
    expect(reads()).toEqual([5, 7, 9]);
    mark(7);
    mark(9);
    mark(4);
    chat.read(ROOM, 9);
    expect(reads()).toEqual([5, 7, 9]);
  });
});

describe('this browser', () => {
  test('a reload shows the newest two hundred lines at once and resumes', async () => {
    connect();
    chat.open(ROOM);
    await answer(page(lines(1, 300)));
    await clock.advance(1_000);
    start();
    await chat.load();
    expect(seqs()).toHaveLength(200);
    expect(timeline().atStart).toBe(false);
    expect(chat.resume()).toEqual([{ room: ROOM, seq: 300 }]);
  });

  test('after a sign-out nothing is written any more', async () => {
    connect();
    chat.open(ROOM);
    await answer(page(lines(1, 3)));
    chat.removeSoon(ROOM, 2, () => {});
    say(event(4, { type: 'pinned', target: 1, on: true }));
    connection.stop();
    chat.forget();
    await table.clear();
    await clock.advance(60_000);
    expect(table.keys()).toEqual([]);
    expect(chat.resume()).toEqual([]);
  });

  test('a browser that keeps nothing works all the same', async () => {
    table.fail();
    connect();
    chat.open(ROOM);
    await answer(page(lines(1, 3)));
    chat.setDraft(ROOM, 'half');
    chat.removeSoon(ROOM, 1, () => {})();
    await clock.advance(2_000);
    expect(seqs()).toEqual([1, 2, 3]);
    expect(chat.draft(ROOM)).toBe('half');
  });
});
