import { describe, expect, test } from 'vitest';
import type { HistoryItem } from '../../protocol/generated/HistoryItem';
import { ALICE, BRUNO, CHLOE, line } from '../../test/samples';
import { rowsOf, seenBy, type RowOptions } from './rows';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const notice = (seq: number, at: number): HistoryItem => ({ type: 'notice', seq, at, by: ALICE, change: { type: 'joined', user: CHLOE, access: 'write' } });
const rows = (items: HistoryItem[], more: Partial<RowOptions> = {}) =>
  rowsOf({ items, unreadAfter: null, me: ALICE, members: [], dayOf: (at) => String(Math.floor(at / DAY)), ...more });
const shape = (items: HistoryItem[], more?: Partial<RowOptions>) =>
  rows(items, more).map((row) => {
    if (row.type === 'message') return row.grouped ? `+${row.message.seq}` : row.message.seq;
    return row.type === 'unread' ? `${row.count} new` : row.type;
  });

describe('grouping', () => {
  test('one author within five minutes stands together', () => {
    const items = [line(1, { at: 0 }), line(2, { at: 5 * MINUTE - 1 }), line(3, { at: 10 * MINUTE }), line(4, { at: 10 * MINUTE, by: CHLOE })];
    expect(shape(items)).toEqual(['day', 1, '+2', 3, 4]);
  });

  test('notices, answers and deleted messages part a group', () => {
    const items = [line(1, { at: 0 }), notice(2, 1), line(3, { at: 2 }), line(4, { at: 3, replyTo: 1 }), line(5, { at: 4, deleted: true }), line(6, { at: 5 })];
    expect(shape(items)).toEqual(['day', 1, 'notice', 3, 4, '+5', 6]);
  });

  test('a day begins with its line, and a group does not go over midnight', () => {
    const items = [line(1, { at: DAY - 1 }), line(2, { at: DAY }), line(3, { at: 3 * DAY })];
    expect(shape(items)).toEqual(['day', 1, 'day', 2, 'day', 3]);
  });

  test('rows have different keys, whatever the clock of the box did', () => {
    const items = [line(1, { at: DAY }), line(2, { at: 2 * DAY }), line(3, { at: DAY }), notice(4, DAY), line(5, { at: 2 * DAY })];
    const keys = rows(items, { unreadAfter: 1 }).map((row) => row.key);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('the line of new messages', () => {
  test('stands before the first one of somebody else and counts what waits', () => {
    const items = [line(1, { at: 0 }), line(2, { at: 1, by: ALICE }), line(3, { at: 2 }), line(4, { at: 3, deleted: true }), line(5, { at: 4 })];
    expect(shape(items, { unreadAfter: 1 })).toEqual(['day', 1, 2, '2 new', 3, '+4', 5]);
  });

  test('is not there when nothing of somebody else is new', () => {
    const items = [line(1, { at: 0 }), line(2, { at: 1, by: ALICE })];
    expect(shape(items, { unreadAfter: 1 })).not.toContain('unread');
    expect(shape(items, { unreadAfter: 1 })).toEqual(['day', 1, 2]);
  });
});

describe('seen by', () => {
  const member = (user: string, read: number) => ({ user, access: 'write' as const, read });
  const items = [line(1, { by: ALICE }), line(2, { by: ALICE }), notice(3, 0), line(4, { by: BRUNO })];

  test('is at the last message that somebody has seen', () => {
    expect([...seenBy(items, [member(ALICE, 4), member(BRUNO, 1), member(CHLOE, 3)], ALICE)]).toEqual([[1, [BRUNO]], [2, [CHLOE]]]);
  });

  test('is not told of oneself, of the author, or of somebody who has seen nothing here', () => {
    expect(seenBy(items, [member(ALICE, 4), member(BRUNO, 4), member(CHLOE, 0)], ALICE).size).toBe(0);
  });

  test('several have seen the same', () => {
    expect(seenBy(items, [member(BRUNO, 3), member(CHLOE, 2)], ALICE).get(2)).toEqual([BRUNO, CHLOE]);
  });
});
