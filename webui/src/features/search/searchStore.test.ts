import { beforeEach, describe, expect, test } from 'vitest';
import type { Connection } from '../../protocol/connection';
import { Refused } from '../../protocol/rest';
import type { SearchPage } from '../../protocol/generated/SearchPage';
import type { SearchRequest } from '../../protocol/generated/SearchRequest';
import { fakeClock, settle, type FakeClock } from '../../test/fakeClock';
import { BRUNO, message, ROOM } from '../../test/samples';
import { createSearchStore, cut, type SearchStore } from './searchStore';

let clock: FakeClock;
let search: SearchStore;
let asked: { request: SearchRequest; answer(page: SearchPage): void; fail(): void }[];

beforeEach(() => {
  clock = fakeClock();
  asked = [];
  const connection = {
    request: (make: (request: number) => SearchRequest) =>
      new Promise((resolve, reject) => {
        const request = make(asked.length + 1);
        asked.push({
          request,
          answer: (page) => resolve({ type: 'search', request: request.request, page }),
          fail: () => reject(new Refused('unreachable')),
        });
      }),
  } as unknown as Connection;
  search = createSearchStore({ clock, connection: () => connection });
});

const hits = (...seqs: number[]) => seqs.map((seq) => ({ room: ROOM, message: message(seq) }));
const found = () => search.hits.peek().map((hit) => hit.message.seq);
const answer = async (page: SearchPage) => {
  asked.at(-1)!.answer(page);
  await settle();
};

describe('asking', () => {
  test('waits until the typing pauses', async () => {
    for (const text of ['p', 'pr', 'pré']) {
      search.setQuery(text);
      await clock.advance(200);
    }
    expect(asked).toEqual([]);
    await clock.advance(50);
    expect(asked.map((one) => one.request)).toEqual([{ type: 'search', request: 1, query: 'pré', limit: 25 }]);
  });

  test('room and person are asked for at once, a person without words too', async () => {
    search.setBy(BRUNO);
    await clock.advance(0);
    expect(asked.at(-1)!.request).toMatchObject({ query: '', by: BRUNO });
    search.setRoom(ROOM);
    await clock.advance(0);
    expect(asked.at(-1)!.request).toMatchObject({ room: ROOM, by: BRUNO });
  });

  test('nothing is asked for nothing', async () => {
    search.setQuery('x');
    search.setQuery('  ');
    search.setRoom(ROOM);
    await clock.advance(1_000);
    expect(asked).toEqual([]);
    expect(search.state.peek()).toBe('idle');
  });

  test('a query is cut to what the box takes, between letters', () => {
    expect(cut('abc', 256)).toBe('abc');
    expect(cut('é'.repeat(200), 256)).toBe('é'.repeat(128));
    expect(cut('a'.repeat(253) + '🧭', 256)).toBe('a'.repeat(253));
    expect(cut('日'.repeat(100), 256)).toBe('日'.repeat(85));
  });
});

describe('results', () => {
  beforeEach(async () => {
    search.setQuery('x');
    await clock.advance(250);
  });

  test('come page by page', async () => {
    await answer({ hits: hits(9, 8), next: 'c1' });
    expect([found(), search.more.peek(), search.state.peek()]).toEqual([[9, 8], true, 'done']);
    void search.loadMore();
    expect(asked.at(-1)!.request.cursor).toBe('c1');
    await answer({ hits: hits(3) });
    expect([found(), search.more.peek()]).toEqual([[9, 8, 3], false]);
  });

  test('pages without a hit are followed, but not for ever', async () => {
    for (let count = 0; count < 5; count += 1) await answer({ hits: [], next: `c${count}` });
    expect(asked).toHaveLength(5);
    expect([found(), search.more.peek(), search.state.peek()]).toEqual([[], true, 'done']);
  });

  test('an answer to a former question is not shown', async () => {
    const former = asked.at(-1)!;
    search.setQuery('y');
    await clock.advance(250);
    former.answer({ hits: hits(1) });
    await settle();
    expect(found()).toEqual([]);
    await answer({ hits: hits(2) });
    expect(found()).toEqual([2]);
  });

  test('a failure is told and can be tried again', async () => {
    asked.at(-1)!.fail();
    await settle();
    expect(search.state.peek()).toBe('failed');
    search.retry();
    await clock.advance(0);
    await answer({ hits: hits(1) });
    expect([found(), search.state.peek()]).toEqual([[1], 'done']);
  });

  test('nothing of it is left for the next person', async () => {
    await answer({ hits: hits(1), next: 'c' });
    search.forget();
    expect([search.query.peek(), found(), search.more.peek(), search.state.peek()]).toEqual(['', [], false, 'idle']);
  });
});
