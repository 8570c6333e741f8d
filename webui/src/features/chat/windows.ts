/**
 * The window on each open room: asks for pages, keeps up with events, remembers the newest lines on this browser's disk.
 *
 * A window is replaced (first page, jump, reset) or joined by a page at one of its sides. Each replacement starts a new
 * generation; a page that was asked for in an older one is dropped, or it would leave a hole.
 */
import { signal, type ReadonlySignal, type Signal } from '@preact/signals-core';
import type { Clock, Table } from '../../platform/types';
import type { Connection } from '../../protocol/connection';
import type { HistoryPage } from '../../protocol/generated/HistoryPage';
import { ROOMS } from '../../protocol/generated/limit';
import type { PageFrom } from '../../protocol/generated/PageFrom';
import type { ResumePoint } from '../../protocol/generated/ResumePoint';
import type { RoomEvent } from '../../protocol/generated/RoomEvent';
import { applyEvent, EMPTY, fromPage, joinPage, type Timeline } from './timeline';

export type Loading = 'idle' | 'first' | 'before' | 'after' | 'failed';

export interface RoomChat {
  timeline: ReadonlySignal<Timeline>;
  loading: ReadonlySignal<Loading>;
}

interface Entry {
  timeline: Signal<Timeline>;
  loading: Signal<Loading>;
  generation: number;
  /** The newest event that was heard, applied or not. */
  heard: number;
  cancelSave: (() => void) | null;
}

const PREFIX = 'room/';
const PAGE = 50;
const SAVED_ROWS = 200;
const SAVE_AFTER = 1_000;
/** Pages asked for again because events overtook them. */
const RETRIES = 3;

interface Options {
  clock: Clock;
  table: Table;
  connection(): Connection;
}

export type Windows = ReturnType<typeof createWindows>;

export function createWindows({ clock, table, connection }: Options) {
  const entries = new Map<string, Entry>();

  function entry(room: string): Entry {
    let found = entries.get(room);
    if (!found) {
      found = { timeline: signal(EMPTY), loading: signal<Loading>('idle'), generation: 0, heard: 0, cancelSave: null };
      entries.set(room, found);
    }
    return found;
  }

  const isEmpty = (one: Entry) => one.timeline.peek().last === 0;

  function save(room: string, one: Entry) {
    one.cancelSave = null;
    const { items, atStart, atEnd, last } = one.timeline.peek();
    // Only a window that ends at the newest line can be continued after a restart.
    if (!atEnd) return;
    const kept = items.slice(-SAVED_ROWS);
    const saved: Timeline = { items: kept, atEnd, last, atStart: atStart && kept.length === items.length };
    table.put(`${PREFIX}${room}`, saved).catch(() => undefined);
  }

  function set(room: string, one: Entry, timeline: Timeline) {
    one.timeline.value = timeline;
    one.cancelSave ??= clock.after(SAVE_AFTER, () => save(room, one));
  }

  function replace(room: string, one: Entry, page: HistoryPage) {
    one.generation += 1;
    one.loading.value = 'idle';
    set(room, one, fromPage(page, page.lastSeq));
  }

  async function page(room: string, from: PageFrom): Promise<HistoryPage> {
    const answer = await connection().request<'history'>((request) => ({ type: 'history', request, room, from, limit: PAGE }));
    return answer.page;
  }

  /** Runs one request of a room; `use` is left out when the window was replaced meanwhile. */
  async function load(room: string, kind: Loading, from: PageFrom, use: (one: Entry, page: HistoryPage) => void) {
    const one = entry(room);
    if (kind === 'first') one.generation += 1;
    const { generation } = one;
    const isCurrent = () => one.generation === generation && entries.get(room) === one;
    one.loading.value = kind;
    try {
      for (let tries = 0; ; tries += 1) {
        const found = await page(room, from);
        if (!isCurrent()) return;
        if (found.lastSeq < one.heard && tries < RETRIES) continue;
        use(one, found);
        one.loading.value = 'idle';
        return;
      }
    } catch {
      if (isCurrent()) one.loading.value = 'failed';
    }
  }

  const loadFirst = (room: string, from: PageFrom = { type: 'latest' }) =>
    load(room, 'first', from, (one, found) => replace(room, one, found));

  function extend(room: string, side: 'before' | 'after') {
    const one = entry(room);
    const { items, atStart, atEnd } = one.timeline.peek();
    const edge = side === 'before' ? items[0] : items.at(-1);
    const loading = one.loading.peek();
    if (loading !== 'idle' && loading !== 'failed') return;
    if (!edge) return void loadFirst(room);
    if (side === 'before' ? atStart : atEnd) {
      // Retry after something else failed: there is nothing more at this side.
      one.loading.value = 'idle';
      return;
    }
    void load(room, side, { type: side, seq: edge.seq }, (_, found) => set(room, one, joinPage(one.timeline.peek(), found, side)));
  }

  function drop(room: string) {
    const one = entries.get(room);
    one?.cancelSave?.();
    entries.delete(room);
    table.remove(`${PREFIX}${room}`).catch(() => undefined);
  }

  return {
    entry,
    loadFirst,
    extend,
    drop,
    open(room: string): RoomChat {
      const one = entry(room);
      if (isEmpty(one) && one.loading.peek() === 'idle') void loadFirst(room);
      return one;
    },
    reset: (room: string, fresh: HistoryPage) => replace(room, entry(room), fresh),
    apply(room: string, events: readonly RoomEvent[]) {
      const one = entries.get(room);
      if (!one) return;
      one.heard = Math.max(one.heard, events.at(-1)?.seq ?? 0);
      if (isEmpty(one)) return;
      let timeline = one.timeline.peek();
      let gap = false;
      for (const event of events) {
        const applied = applyEvent(timeline, event);
        timeline = applied.timeline;
        gap ||= applied.gap;
      }
      set(room, one, timeline);
      // What lies between is on the box: start from its newest page rather than guess.
      if (gap && one.loading.peek() !== 'first') void loadFirst(room);
    },
    /** A new connection: windows that failed are asked for again, rooms that are no longer the person's are let go. */
    welcome(mine: ReadonlySet<string>) {
      for (const [room, one] of entries) {
        one.heard = 0;
        if (!mine.has(room)) drop(room);
        else if (isEmpty(one)) void loadFirst(room);
        else if (one.loading.peek() === 'failed') one.loading.value = 'idle';
      }
    },
    /** All missed events were sent: a window that ends before `last` missed some. */
    caughtUp(ends: ReadonlyMap<string, number>) {
      for (const [room, one] of entries) {
        if (!isEmpty(one) && one.timeline.peek().last < (ends.get(room) ?? 0)) void loadFirst(room);
      }
    },
    resume(): ResumePoint[] {
      const points = [...entries].map(([room, one]) => ({ room, seq: one.timeline.peek().last }));
      return points.filter((point) => point.seq > 0).slice(0, ROOMS);
    },
    async load() {
      for (const [key, saved] of await table.entries<Timeline>(PREFIX)) {
        const one = entry(key.slice(PREFIX.length));
        if (isEmpty(one)) one.timeline.value = saved;
      }
    },
    forget() {
      for (const one of entries.values()) one.cancelSave?.();
      entries.clear();
    },
  };
}
