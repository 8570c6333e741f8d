import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChatMessage } from '../../protocol/generated/ChatMessage';
import type { HistoryItem } from '../../protocol/generated/HistoryItem';
import type { RoomEvent } from '../../protocol/generated/RoomEvent';
import type { RoomEventKind } from '../../protocol/generated/RoomEventKind';
import { readFixture } from '../../test/fixtures';
import { ALICE, BRUNO, CHLOE, event, line, message, page, posted } from '../../test/samples';
import { applyEvent, EMPTY, fromPage, joinPage, lineOf, reduce, ROWS, type Timeline } from './timeline';

function applyAll(timeline: Timeline, events: readonly RoomEvent[]): Timeline {
  return events.reduce((now, next) => applyEvent(now, next).timeline, timeline);
}

const seqs = (timeline: Timeline) => timeline.items.map((item) => item.seq);
const lines = (from: number, to: number): HistoryItem[] =>
  Array.from({ length: to - from + 1 }, (_, index) => line(from + index));

describe('what an event makes of a message', () => {
  test('an edit replaces text and mentions and says when', () => {
    const edited = reduce(message(1), event(2, { type: 'edited', target: 1, text: 'new', mentions: [ALICE], everyone: true }));
    expect(edited).toMatchObject({ text: 'new', mentions: [ALICE], everyone: true, editedAt: 1_000_002, rev: 2 });
  });

  test('a deletion leaves nothing but the place', () => {
    const full = message(1, { pinned: true, mentions: [ALICE], everyone: true, reactions: [{ emoji: '👍', users: [ALICE] }] });
    expect(reduce(full, event(5, { type: 'deleted', target: 1 }))).toEqual(
      message(1, { deleted: true, text: '', rev: 5 }),
    );
  });

  test('a deleted message stays as it is, only its revision moves', () => {
    const gone = message(1, { deleted: true, text: '' });
    const changes: RoomEventKind[] = [
      { type: 'edited', target: 1, text: 'x', mentions: [], everyone: false },
      { type: 'reacted', target: 1, emoji: '👍', on: true },
      { type: 'pinned', target: 1, on: true },
    ];
    for (const change of changes) {
      expect(reduce(gone, event(9, change))).toEqual({ ...gone, rev: 9 });
    }
  });

  test('reactions keep the order of their first use and go with their last user', () => {
    const steps: [number, string, string, boolean][] = [
      [2, '👍', ALICE, true], [3, '🎉', BRUNO, true], [4, '👍', CHLOE, true], [5, '👍', CHLOE, true], [6, '👍', ALICE, false],
    ];
    const react = (now: ReturnType<typeof message>, [seq, emoji, by, on]: (typeof steps)[number]) =>
      reduce(now, event(seq, { type: 'reacted', target: 1, emoji, on }, { by }));
    const after = steps.reduce(react, message(1));
    expect(after.reactions).toEqual([{ emoji: '👍', users: [CHLOE] }, { emoji: '🎉', users: [BRUNO] }]);
    expect(react(after, [7, '👍', CHLOE, false]).reactions).toEqual([{ emoji: '🎉', users: [BRUNO] }]);
    expect(react(after, [7, '👀', CHLOE, false]).reactions).toEqual(after.reactions);
  });

  test('an event that is in it already, or concerns another one, changes nothing', () => {
    const now = message(3, { rev: 8 });
    expect(reduce(now, event(8, { type: 'pinned', target: 3, on: true }))).toBe(now);
    expect(reduce(now, event(9, { type: 'pinned', target: 4, on: true }))).toBe(now);
    expect(reduce(now, posted(9))).toBe(now);
  });
});

describe('live events', () => {
  test('lines are appended and others altered in place', () => {
    const start = fromPage(page([line(1)]), 1);
    const after = applyAll(start, [posted(2), event(3, { type: 'joined', user: CHLOE, access: 'write' }), event(4, { type: 'pinned', target: 1, on: true })]);
    expect(seqs(after)).toEqual([1, 2, 3]);
    expect(after.items[0]).toMatchObject({ pinned: true, rev: 4 });
    expect(after.items[2]).toMatchObject({ type: 'notice', change: { type: 'joined', user: CHLOE } });
    expect(after.last).toBe(4);
  });

  test('duplicates are ignored and gaps are told', () => {
    const start = fromPage(page([line(1)]), 1);
    expect(applyEvent(start, posted(1))).toEqual({ timeline: start, gap: false });
    expect(applyEvent(start, posted(3))).toEqual({ timeline: start, gap: true });
  });

  test('a window in the past hears changes, but shows no line of the end', () => {
    const past = fromPage(page(lines(1, 3), { atEnd: false, lastSeq: 50 }), 50);
    const after = applyAll(past, [posted(51), event(52, { type: 'deleted', target: 2 })]);
    expect(seqs(after)).toEqual([1, 2, 3]);
    expect(after.items[1]).toMatchObject({ deleted: true });
    expect(after.last).toBe(52);
  });

  test('a full window lets its oldest line go and no longer begins at the start', () => {
    const full = fromPage(page(lines(1, ROWS)), ROWS);
    const after = applyAll(full, [posted(ROWS + 1)]);
    expect(after.items).toHaveLength(ROWS);
    expect(after.items[0]?.seq).toBe(2);
    expect(after.atStart).toBe(false);
  });

  test('a line that a page brought before its event is there once', () => {
    const past = fromPage(page(lines(1, 3), { atEnd: false, lastSeq: 5 }), 5);
    const joined = joinPage(past, page(lines(4, 6), { lastSeq: 6 }), 'after');
    expect(seqs(applyAll(joined, [posted(6), posted(7)]))).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });
});

describe('pages', () => {
  test('older ones go before, newer ones after, the far end gives way', () => {
    const middle = fromPage(page(lines(301, 600), { atStart: false, atEnd: false, lastSeq: 900 }), 900);
    const older = joinPage(middle, page(lines(101, 300), { atStart: false, lastSeq: 900 }), 'before');
    expect([older.items[0]?.seq, older.items.at(-1)?.seq]).toEqual([101, 500]);
    const newer = joinPage(middle, page(lines(601, 900), { lastSeq: 900 }), 'after');
    expect([newer.items[0]?.seq, newer.items.at(-1)?.seq, newer.atEnd]).toEqual([501, 900, true]);
  });

  test('an older page cuts the newest lines off, so the window no longer ends at the end', () => {
    const end = fromPage(page(lines(201, 600), { atStart: false, lastSeq: 600 }), 600);
    const older = joinPage(end, page(lines(151, 200), { atStart: false, lastSeq: 600 }), 'before');
    expect(older.atEnd).toBe(false);
    expect(seqs(applyAll(older, [posted(601)])).at(-1)).toBe(550);
  });

  test('of two copies the newer stays', () => {
    const here = fromPage(page([line(1, { text: 'edited', rev: 9 }), line(2)], { lastSeq: 9 }), 9);
    const joined = joinPage(here, page([line(1), line(2, { text: 'newer', rev: 10 })], { lastSeq: 10 }), 'before');
    expect(joined.items.map((item) => item.type === 'message' && item.text)).toEqual(['edited', 'newer']);
  });

  test('a page older than what was heard does not claim to be the end', () => {
    const past = applyAll(fromPage(page(lines(1, 3), { atEnd: false, lastSeq: 5 }), 5), [posted(6)]);
    expect(joinPage(past, page(lines(4, 5), { lastSeq: 5 }), 'after').atEnd).toBe(false);
  });
});

test('nothing is known of an empty window', () => {
  expect(applyEvent(EMPTY, posted(1)).timeline.items).toEqual([]);
  expect(lineOf(event(1, { type: 'pinned', target: 1, on: true }))).toBe(null);
});

/** A room's log: posts, and changes of posts that exist. */
const logs = fc.array(fc.tuple(fc.nat(6), fc.nat(100), fc.constantFrom(ALICE, BRUNO, CHLOE)), { minLength: 1, maxLength: 60 }).map(
  (steps): RoomEvent[] => {
    const posts: number[] = [];
    return steps.map(([kind, which, by], index) => {
      const seq = index + 1;
      const target = posts[which % Math.max(1, posts.length)];
      if (target === undefined || kind < 3) {
        posts.push(seq);
        return posted(seq, `text ${seq}`, { by });
      }
      if (kind === 3) return event(seq, { type: 'edited', target, text: `edit ${seq}`, mentions: [], everyone: false }, { by });
      if (kind === 4) return event(seq, { type: 'reacted', target, emoji: '👍', on: which % 2 === 0 }, { by });
      if (kind === 5) return event(seq, { type: 'pinned', target, on: which % 2 === 0 }, { by });
      return event(seq, { type: 'deleted', target }, { by });
    });
  },
);

test('a page at any point and the events from any earlier point on give the same lines as all events', () => {
  fc.assert(
    fc.property(logs, fc.nat(), fc.nat(), (log, a, b) => {
      const fold = (upTo: number) => {
        const empty: Timeline = { ...EMPTY, atStart: true, atEnd: true };
        return applyAll(empty, log.slice(0, upTo));
      };
      const read = 1 + (a % log.length);
      const from = b % (read + 1);
      const opened = fromPage(page([...fold(read).items], { lastSeq: read }), read);
      expect(applyAll(opened, log.slice(from))).toEqual(fold(log.length));
    }),
    { numRuns: 500 },
  );
});

const cases = readFixture<{ name: string; before: ChatMessage; events: RoomEvent[]; after: ChatMessage }[]>('reducer');

test.each(cases)('as in the box: $name', ({ before, events, after }) => {
  expect(events.reduce(reduce, before)).toEqual(after);
});
