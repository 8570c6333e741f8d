import { beforeEach, expect, test } from 'vitest';
import { signal, type Signal } from '@preact/signals-core';
import { polite } from '../../ui/announce';
import { fakeClock, type FakeClock } from '../../test/fakeClock';
import { account, ALICE, BRUNO, CHLOE, event, posted, room, ROOM, USERS, welcome } from '../../test/samples';
import { createAnnouncer } from './announcer';

const DIRECT = 'd1';
let clock: FakeClock;
let mode: Signal<'all' | 'mentions' | 'none'>;
let announcer: ReturnType<typeof createAnnouncer>;

beforeEach(() => {
  clock = fakeClock();
  mode = signal<'all' | 'mentions' | 'none'>('all');
  polite.value = '';
  announcer = createAnnouncer({
    clock,
    rooms: {
      account: signal(account()),
      users: signal(new Map(USERS.map((one) => [one.id, one]))),
      rooms: signal(new Map([[ROOM, room()], [DIRECT, room({ id: DIRECT, kind: 'direct', name: '' })]])),
    },
    preferences: { values: { announce: mode } },
  });
  announcer.hear({ type: 'caught_up' });
});

const hear = (...events: ReturnType<typeof posted>[]) => announcer.hear({ type: 'room_events', room: events[0]!.room, events });
const mention = (seq: number, users: string[], everyone = false) => event(seq, { type: 'posted', text: 'look', mentions: users, everyone });

test('a new message is spoken with its author', async () => {
  hear(posted(1, 'The build is green again'));
  await clock.advance(500);
  expect(polite.peek()).toBe('Bruno: The build is green again.');
});

test('what is spoken has no marks', async () => {
  hear(posted(1, '**done**, see `turn.rs`'));
  await clock.advance(500);
  expect(polite.peek()).toBe('Bruno: done, see turn.rs.');
});

test('more than two at once are a number', async () => {
  hear(posted(1), posted(2));
  hear(posted(3, 'x', { by: CHLOE }));
  await clock.advance(500);
  expect(polite.peek()).toBe('3 new messages in general.');
});

test('a stream is one sentence every two seconds', async () => {
  const said: string[] = [];
  polite.subscribe((text) => text && said.push(text));
  for (let seq = 1; seq <= 20; seq += 1) {
    hear(posted(seq));
    await clock.advance(400);
  }
  await clock.advance(2_000);
  expect(said).toHaveLength(5);
  expect(said[1]).toBe('5 new messages in general.');
});

test('from several rooms at once no room is named', async () => {
  hear(posted(1), posted(2));
  hear(posted(1, 'hi', { room: DIRECT }));
  await clock.advance(500);
  expect(polite.peek()).toBe('3 new messages.');
});

test('own messages, changes and what was missed are not spoken', async () => {
  hear(posted(1, 'mine', { by: ALICE }));
  hear(event(2, { type: 'pinned', target: 1, on: true }));
  announcer.hear({ type: 'welcome', ...welcome() });
  hear(posted(3));
  await clock.advance(5_000);
  expect(polite.peek()).toBe('');
});

test('only mentions, when the person wants so: by name, everybody, or in direct messages', async () => {
  mode.value = 'mentions';
  hear(posted(1), mention(2, [BRUNO]));
  await clock.advance(3_000);
  expect(polite.peek()).toBe('');
  hear(mention(3, [ALICE]), mention(4, [], true));
  hear(posted(1, 'hi', { room: DIRECT }));
  await clock.advance(3_000);
  expect(polite.peek()).toBe('3 new messages.');
});

test('nothing, when the person wants nothing', async () => {
  mode.value = 'none';
  hear(mention(1, [ALICE]));
  await clock.advance(3_000);
  expect(polite.peek()).toBe('');
});

test('a long message is spoken in its beginning', async () => {
  hear(posted(1, 'a'.repeat(5_000)));
  await clock.advance(500);
  expect(polite.peek()).toBe(`Bruno: ${'a'.repeat(200)}.`);
});
