import { beforeEach, describe, expect, test } from 'vitest';
import { fakeClock, settle, type FakeClock } from '../../test/fakeClock';
import { fakeTable, type FakeTable } from '../../test/fakeTable';
import { ROOM } from '../../test/samples';
import { createOutbox, type Outbox, type Tagged } from './outbox';

let clock: FakeClock;
let table: FakeTable;
let sent: Tagged[];
let isOnline: boolean;
let outbox: Outbox;

function open(): Outbox {
  return createOutbox({
    clock,
    table,
    send(message) {
      if (isOnline) sent.push(message as Tagged);
      return isOnline;
    },
  });
}

function say(tag: string, text = tag): Tagged {
  return { type: 'chat_send', tag, room: ROOM, text };
}

async function addAll(...tags: string[]) {
  await Promise.all(tags.map((tag) => outbox.add(say(tag))));
}

const tags = () => sent.map((message) => message.tag);
const states = () => Object.fromEntries(outbox.pending.peek().map((one) => [one.message.tag, one.state]));
const busy = { code: 'busy', message: '' } as const;

beforeEach(() => {
  clock = fakeClock();
  table = fakeTable();
  sent = [];
  isOnline = true;
  outbox = open();
});

describe('on the way', () => {
  test('a message is on this disk before it is sent', async () => {
    const added = outbox.add(say('a'));
    expect(sent).toEqual([]);
    expect(table.keys()).toHaveLength(1);
    await added;
    expect(tags()).toEqual(['a']);
    expect(states()).toEqual({ a: 'sending' });
  });

  test('what is settled is forgotten here and on the disk', async () => {
    await addAll('a');
    outbox.settle('a');
    expect(outbox.pending.peek()).toEqual([]);
    await settle();
    expect(table.keys()).toEqual([]);
  });

  test('a full disk does not keep a message from being sent', async () => {
    table.fail();
    await addAll('a');
    expect(tags()).toEqual(['a']);
    outbox.settle('a');
    await settle();
    expect(outbox.pending.peek()).toEqual([]);
  });

  test('only so many are on the way at once, the rest follow as answers come', async () => {
    const names = Array.from({ length: 100 }, (_, index) => `t${index}`);
    await addAll(...names);
    expect(sent).toHaveLength(32);
    outbox.settle('t0');
    outbox.settle('t1');
    expect(tags().at(-1)).toBe('t33');
    for (const name of names) outbox.settle(name);
    expect(tags()).toEqual(names);
  });

  test('something taken back before it left is never sent', async () => {
    const added = outbox.add(say('a'));
    outbox.discard('a');
    await added;
    expect(sent).toEqual([]);
    expect(table.keys()).toEqual([]);
  });

  test('what the box would close the connection for is refused here', async () => {
    await outbox.add(say('a', '\u0001'.repeat(16_000)));
    await outbox.add(say('b'));
    expect(states()).toEqual({ a: 'refused', b: 'sending' });
    expect(tags()).toEqual(['b']);
  });
});

describe('without the box', () => {
  test('messages wait and leave in order when it is back', async () => {
    isOnline = false;
    await addAll('a', 'b', 'c');
    expect(states()).toEqual({ a: 'waiting', b: 'waiting', c: 'waiting' });
    isOnline = true;
    outbox.flush();
    expect(tags()).toEqual(['a', 'b', 'c']);
  });

  test('what was on its way is sent again with the same tag', async () => {
    await addAll('a', 'b');
    outbox.stall();
    expect(states()).toEqual({ a: 'waiting', b: 'waiting' });
    outbox.flush();
    expect(tags()).toEqual(['a', 'b', 'a', 'b']);
  });

  test('nothing leaves between a connection that is lost and the word that all missed events are there', async () => {
    await addAll('a');
    outbox.stall();
    await addAll('b');
    outbox.refuse('a', { code: 'room_archived', message: '' });
    outbox.retry('a');
    expect(tags()).toEqual(['a']);
    outbox.settle('a');
    outbox.flush();
    expect(tags()).toEqual(['a', 'b']);
  });

  test('a reload keeps messages and their order', async () => {
    isOnline = false;
    await addAll('a', 'b');
    await clock.advance(5);
    await addAll('c');
    isOnline = true;
    outbox = open();
    await outbox.load();
    expect(tags()).toEqual(['a', 'b', 'c']);
    outbox.settle('b');
    await settle();
    expect(table.keys()).toHaveLength(2);
  });

  test('something said before the disk was read goes after what was there', async () => {
    isOnline = false;
    await addAll('old');
    outbox = open();
    await Promise.all([outbox.add(say('new')), outbox.load()]);
    isOnline = true;
    outbox.flush();
    expect(tags()).toEqual(['old', 'new']);
    expect(outbox.pending.peek()).toHaveLength(2);
  });

  test('somebody who signs out leaves nothing to send', async () => {
    isOnline = false;
    await addAll('a');
    outbox.forget();
    isOnline = true;
    outbox.flush();
    expect(sent).toEqual([]);
  });
});

describe('after more than seven days', () => {
  const DAY = 24 * 3600 * 1_000;
  beforeEach(async () => {
    isOnline = false;
    await addAll('old');
    await clock.advance(7 * DAY);
    await addAll('new');
    await clock.advance(1);
    isOnline = true;
    outbox = open();
    await outbox.load();
  });

  test('the person is asked, and what is younger is sent', async () => {
    expect(states()).toEqual({ old: 'refused', new: 'sending' });
    expect(outbox.refused.peek()).toEqual([expect.objectContaining({ isOld: true })]);
    expect(tags()).toEqual(['new']);
  });

  test('it is sent when the person says so, and not asked for again after a reload', async () => {
    outbox.retry('old');
    expect(tags()).toEqual(['new', 'old']);
    expect(outbox.refused.peek()).toEqual([]);
    await settle();
    outbox = open();
    await outbox.load();
    expect(states()).toEqual({ old: 'sending', new: 'sending' });
  });

  test('an event that comes after all says that it was there', async () => {
    outbox.settle('old');
    expect(states()).toEqual({ new: 'sending' });
  });
});

describe('refusals', () => {
  test('a lasting one keeps the text until the person decides', async () => {
    await addAll('a', 'b');
    outbox.refuse('a', { code: 'room_archived', message: '' });
    await clock.advance(60_000);
    expect(states()).toEqual({ a: 'refused', b: 'sending' });
    expect(tags()).toEqual(['a', 'b']);
    outbox.retry('a');
    expect(tags()).toEqual(['a', 'b', 'a']);
  });

  test('a passing one is tried again by itself', async () => {
    await addAll('a');
    outbox.refuse('a', busy);
    expect(states()).toEqual({ a: 'waiting' });
    await clock.advance(4_999);
    expect(sent).toHaveLength(1);
    await clock.advance(1);
    expect(tags()).toEqual(['a', 'a']);
  });

  test('the box says when to try again', async () => {
    await addAll('a');
    outbox.refuse('a', { code: 'too_many', message: '', retryAfter: 30 });
    await clock.advance(29_999);
    expect(sent).toHaveLength(1);
    await clock.advance(1);
    expect(sent).toHaveLength(2);
  });

  test('nothing overtakes what waits for a better time', async () => {
    await addAll('a');
    outbox.refuse('a', busy);
    await addAll('b');
    expect(tags()).toEqual(['a']);
    await clock.advance(5_000);
    expect(tags()).toEqual(['a', 'a', 'b']);
  });

  test('many refusals lead to one retry', async () => {
    await addAll('a', 'b', 'c');
    for (const tag of ['a', 'b', 'c']) outbox.refuse(tag, busy);
    expect(clock.waiting()).toBe(1);
    await clock.advance(5_000);
    expect(tags()).toEqual(['a', 'b', 'c', 'a', 'b', 'c']);
  });

  test('a refusal of something that is gone changes nothing', async () => {
    outbox.refuse('x', { code: 'not_found', message: '' });
    outbox.settle('x');
    expect(outbox.pending.peek()).toEqual([]);
  });
});
