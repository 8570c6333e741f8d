/** Searching chat messages on the box: as one types, page by page. */
import { signal } from '@preact/signals-core';
import type { Clock } from '../../platform/types';
import type { Connection } from '../../protocol/connection';
import { SEARCH_QUERY_BYTES } from '../../protocol/generated/limit';
import type { SearchHit } from '../../protocol/generated/SearchHit';

const DEBOUNCE = 250;
const PAGE = 25;
/** Empty pages that are followed by themselves: each looks at twenty thousand messages. */
const FOLLOW = 5;

/** The beginning of a text that fits into so many bytes. */
export function cut(text: string, bytes: number): string {
  let left = bytes;
  let end = 0;
  for (const letter of text) {
    const code = letter.codePointAt(0) ?? 0;
    left -= code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (left < 0) break;
    end += letter.length;
  }
  return text.slice(0, end);
}

export type SearchStore = ReturnType<typeof createSearchStore>;

export function createSearchStore({ clock, connection }: { clock: Clock; connection(): Connection }) {
  const query = signal('');
  const room = signal<string | null>(null);
  const by = signal<string | null>(null);
  const hits = signal<readonly SearchHit[]>([]);
  const state = signal<'idle' | 'loading' | 'done' | 'failed'>('idle');
  const more = signal(false);
  let next: string | undefined;
  let run = 0;
  let cancel = () => {};

  async function load(mine: number) {
    state.value = 'loading';
    try {
      for (let follow = 0; follow < FOLLOW; follow += 1) {
        const cursor = next;
        const answer = await connection().request<'search'>((request) => ({
          type: 'search',
          request,
          query: cut(query.peek().trim(), SEARCH_QUERY_BYTES),
          limit: PAGE,
          ...(room.peek() ? { room: room.peek()! } : {}),
          ...(by.peek() ? { by: by.peek()! } : {}),
          ...(cursor === undefined ? {} : { cursor }),
        }));
        if (mine !== run) return;
        hits.value = [...hits.peek(), ...answer.page.hits];
        next = answer.page.next;
        more.value = next !== undefined;
        if (answer.page.hits.length > 0 || next === undefined) break;
      }
      state.value = 'done';
    } catch {
      if (mine === run) state.value = 'failed';
    }
  }

  function restart(delay: number) {
    cancel();
    const mine = (run += 1);
    hits.value = [];
    more.value = false;
    next = undefined;
    if (query.peek().trim() === '' && by.peek() === null) {
      state.value = 'idle';
      return;
    }
    state.value = 'loading';
    cancel = clock.after(delay, () => void load(mine));
  }

  return {
    query,
    room,
    by,
    hits,
    state,
    more,
    setQuery(text: string) {
      query.value = text;
      restart(DEBOUNCE);
    },
    setRoom(id: string | null) {
      room.value = id;
      restart(0);
    },
    setBy(user: string | null) {
      by.value = user;
      restart(0);
    },
    loadMore: () => load(run),
    retry: () => restart(0),
    forget() {
      query.value = '';
      room.value = null;
      by.value = null;
      restart(0);
    },
  };
}
