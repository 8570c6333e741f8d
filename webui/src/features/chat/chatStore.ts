/**
 * Chat: a timeline for each open room, what waits to be sent, drafts, read marks, typing.
 *
 * Events are applied in the order of their numbers; a gap is asked for, a duplicate ignored (timeline.ts). What the
 * person does appears at once and goes through the outbox (outbox.ts).
 */
import { signal, type ReadonlySignal, type Signal } from '@preact/signals-core';
import type { Clock, Table } from '../../platform/types';
import type { Connection } from '../../protocol/connection';
import type { ChatMessage } from '../../protocol/generated/ChatMessage';
import type { HistoryPage } from '../../protocol/generated/HistoryPage';
import type { PageFrom } from '../../protocol/generated/PageFrom';
import type { ResumePoint } from '../../protocol/generated/ResumePoint';
import type { Revision } from '../../protocol/generated/Revision';
import type { RoomEvent } from '../../protocol/generated/RoomEvent';
import type { ServerMessage } from '../../protocol/generated/ServerMessage';
import { createOutbox, type Outbox } from './outbox';
import { applyEvent, EMPTY, fromPage, joinPage, type Timeline } from './timeline';

export type Loading = 'idle' | 'first' | 'before' | 'after' | 'failed';

export interface RoomChat {
  timeline: ReadonlySignal<Timeline>;
  loading: ReadonlySignal<Loading>;
}

export interface ChatStore {
  outbox: Outbox;
  /** The chat of a room; loads its first page when there is none. */
  open(room: string): RoomChat;
  loadBefore(room: string): void;
  loadAfter(room: string): void;
  /** Shows a message and its surroundings; false when it could not be loaded. */
  jump(room: string, seq: number): Promise<boolean>;
  /** Back to the newest messages. */
  latest(room: string): void;
  send(room: string, text: string, replyTo?: number): void;
  edit(room: string, target: number, text: string): void;
  remove(room: string, target: number): void;
  /**
   * Deletes after ten seconds unless it is taken back. Kept on disk meanwhile, so a closed tab deletes at its next
   * start. Returns how to take it back; `ended` is called either way.
   */
  removeSoon(room: string, target: number, ended: () => void): () => void;
  react(room: string, target: number, emoji: string, on: boolean): void;
  pin(room: string, target: number, on: boolean): void;
  pins(room: string): Promise<ChatMessage[]>;
  revisions(room: string, target: number): Promise<Revision[]>;
  read(room: string, seq: number): void;
  unreadFrom(room: string, seq: number): void;
  typed(room: string, hasText: boolean): void;
  draft(room: string): string;
  setDraft(room: string, text: string): void;
  resume(): ResumePoint[];
  apply(message: ServerMessage): void;
  load(): Promise<void>;
  forget(): void;
}

const PAGE = 50;
const SAVED_ROWS = 200;
const TYPING_EVERY = 3_000;
/** How long a deletion can be taken back. */
const UNDO = 10_000;

interface Options {
  clock: Clock;
  table: Table;
  connection(): Connection;
  uuid(): string;
  lastSeq(room: string): number;
}

interface Entry {
  timeline: Signal<Timeline>;
  loading: Signal<Loading>;
  save: (() => void) | null;
}

export function createChatStore(options: Options): ChatStore {
  const { clock, table, uuid } = options;
  const entries = new Map<string, Entry>();
  const drafts = new Map<string, string>();
  const typedAt = new Map<string, number>();
  const readUpTo = new Map<string, number>();
  const outbox = createOutbox({ clock, table, send: (message) => options.connection().send(message) });

  function entry(room: string): Entry {
    let found = entries.get(room);
    if (!found) {
      found = { timeline: signal(EMPTY), loading: signal<Loading>('idle'), save: null };
      entries.set(room, found);
    }
    return found;
  }

  function set(room: string, timeline: Timeline) {
    const one = entry(room);
    one.timeline.value = timeline;
    one.save ??= clock.after(1_000, () => {
      one.save = null;
      const { items, atStart, atEnd, last } = one.timeline.peek();
      // Only a window that ends at the newest line can be continued after a restart.
      if (!atEnd) return;
      const kept = items.slice(-SAVED_ROWS);
      void table.put(`room/${room}`, { items: kept, atEnd, last, atStart: atStart && kept.length === items.length });
    });
  }

  async function page(room: string, from: PageFrom): Promise<HistoryPage> {
    const answer = await options
      .connection()
      .request<'history'>((request) => ({ type: 'history', request, room, from, limit: PAGE }));
    return answer.page;
  }

  async function loadPage(room: string, kind: Loading, run: () => Promise<void>) {
    const { loading } = entry(room);
    if (loading.peek() === kind) return;
    loading.value = kind;
    try {
      await run();
      loading.value = 'idle';
    } catch {
      loading.value = 'failed';
    }
  }

  function loadFirst(room: string) {
    return loadPage(room, 'first', async () => {
      const first = await page(room, { type: 'latest' });
      set(room, fromPage(first, first.lastSeq));
    });
  }

  function applyEvents(room: string, events: readonly RoomEvent[]) {
    for (const event of events) if (event.tag) outbox.settle(event.tag);
    const one = entries.get(room);
    if (!one || one.timeline.peek().last === 0) return;
    let timeline = one.timeline.peek();
    for (const event of events) {
      const applied = applyEvent(timeline, event);
      timeline = applied.timeline;
      if (applied.gap) {
        // What lies between is on the box: start from its newest page rather than guess.
        void loadFirst(room);
        break;
      }
    }
    set(room, timeline);
  }

  function welcome() {
    outbox.flush();
    for (const [room, one] of entries) {
      if (one.timeline.peek().last === 0) void loadFirst(room);
    }
  }

  function act(make: (tag: string) => Parameters<Outbox['add']>[0]) {
    void outbox.add(make(uuid()));
  }

  const remove = (room: string, target: number) => act((tag) => ({ type: 'chat_delete', tag, room, target }));

  return {
    outbox,
    open(room) {
      const one = entry(room);
      if (one.timeline.peek().last === 0 && one.loading.peek() === 'idle') void loadFirst(room);
      return one;
    },
    loadBefore(room) {
      const first = entry(room).timeline.peek().items[0];
      if (!first || entry(room).timeline.peek().atStart) return;
      void loadPage(room, 'before', async () => {
        const older = await page(room, { type: 'before', seq: first.seq });
        set(room, joinPage(entry(room).timeline.peek(), older, 'before'));
      });
    },
    loadAfter(room) {
      const last = entry(room).timeline.peek().items.at(-1);
      if (!last || entry(room).timeline.peek().atEnd) return;
      void loadPage(room, 'after', async () => {
        const newer = await page(room, { type: 'after', seq: last.seq });
        set(room, joinPage(entry(room).timeline.peek(), newer, 'after'));
      });
    },
    async jump(room, seq) {
      const { timeline } = entry(room);
      const has = () => timeline.peek().items.some((item) => item.seq === seq);
      if (has()) return true;
      await loadPage(room, 'first', async () => {
        const around = await page(room, { type: 'around', seq });
        set(room, fromPage(around, around.lastSeq));
      });
      return has();
    },
    latest(room) {
      if (!entry(room).timeline.peek().atEnd) void loadFirst(room);
    },
    send: (room, text, replyTo) =>
      act((tag) => ({ type: 'chat_send', tag, room, text, ...(replyTo === undefined ? {} : { replyTo }) })),
    edit: (room, target, text) => act((tag) => ({ type: 'chat_edit', tag, room, target, text })),
    remove,
    removeSoon(room, target, ended) {
      const key = `deleting/${room}/${target}`;
      const end = () => {
        cancel();
        void table.remove(key);
        ended();
      };
      const cancel = clock.after(UNDO, () => {
        remove(room, target);
        end();
      });
      void table.put(key, { room, target });
      return end;
    },
    react: (room, target, emoji, on) => act((tag) => ({ type: 'chat_react', tag, room, target, emoji, on })),
    pin: (room, target, on) => act((tag) => ({ type: 'chat_pin', tag, room, target, on })),
    async pins(room) {
      const answer = await options.connection().request<'pins'>((request) => ({ type: 'pins', request, room }));
      return answer.messages;
    },
    async revisions(room, target) {
      const ask = (request: number) => ({ type: 'revisions' as const, request, room, target });
      return (await options.connection().request<'revisions'>(ask)).revisions;
    },
    read(room, seq) {
      if (seq <= (readUpTo.get(room) ?? 0)) return;
      if (options.connection().send({ type: 'chat_read', room, seq })) readUpTo.set(room, seq);
    },
    unreadFrom(room, seq) {
      if (options.connection().send({ type: 'chat_unread', room, seq })) readUpTo.delete(room);
    },
    typed(room, hasText) {
      const now = clock.now();
      if (hasText && now - (typedAt.get(room) ?? 0) < TYPING_EVERY) return;
      if (!hasText && !typedAt.has(room)) return;
      if (hasText) typedAt.set(room, now);
      else typedAt.delete(room);
      options.connection().send({ type: 'chat_typing', room, on: hasText });
    },
    draft: (room) => drafts.get(room) ?? '',
    setDraft(room, text) {
      if (text === '') drafts.delete(room);
      else drafts.set(room, text);
      void (text === '' ? table.remove(`draft/${room}`) : table.put(`draft/${room}`, text));
    },
    resume() {
      return [...entries]
        .map(([room, one]) => ({ room, seq: one.timeline.peek().last }))
        .filter((point) => point.seq > 0);
    },
    apply(message) {
      switch (message.type) {
        case 'welcome':
          return welcome();
        case 'room_events':
          return applyEvents(message.room, message.events);
        case 'room_reset':
          return set(message.room, fromPage(message.page, message.page.lastSeq));
        case 'chat_ack':
          return outbox.settle(message.tag);
        case 'chat_refused':
          // Something deleted already is as deleted as it can be.
          if (message.error.code === 'message_deleted') return outbox.discard(message.tag);
          return outbox.refuse(message.tag, message.error);
        case 'room_removed':
          entries.delete(message.room);
          void table.remove(`room/${message.room}`);
          return;
      }
    },
    async load() {
      for (const [key, text] of await table.entries<string>('draft/')) drafts.set(key.slice(6), text);
      for (const [key, saved] of await table.entries<Timeline>('room/')) {
        const one = entry(key.slice(5));
        if (one.timeline.peek().last === 0) one.timeline.value = saved;
      }
      await outbox.load();
      for (const [key, { room, target }] of await table.entries<{ room: string; target: number }>('deleting/')) {
        remove(room, target);
        void table.remove(key);
      }
    },
    forget() {
      entries.clear();
      drafts.clear();
      readUpTo.clear();
      outbox.forget();
    },
  };
}
