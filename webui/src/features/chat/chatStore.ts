/**
 * Chat: a window on each open room, what waits to be sent, drafts, read marks, typing.
 *
 * Events are applied in the order of their numbers; after a gap a fresh page is asked for, a duplicate is ignored
 * (timeline.ts, windows.ts). What the person does is kept and goes out in order through the outbox (outbox.ts).
 */
import { batch, type ReadonlySignal } from '@preact/signals-core';
import type { Channel, Clock, Table } from '../../platform/types';
import type { Connection } from '../../protocol/connection';
import type { ChatMessage } from '../../protocol/generated/ChatMessage';
import type { ClientMessage } from '../../protocol/generated/ClientMessage';
import type { ResumePoint } from '../../protocol/generated/ResumePoint';
import type { Revision } from '../../protocol/generated/Revision';
import type { ServerMessage } from '../../protocol/generated/ServerMessage';
import type { Welcome } from '../../protocol/generated/Welcome';
import { createDeletions } from './deletions';
import { createDrafts, type SharedDraft } from './drafts';
import { createOutbox, type Outbox, type Tagged } from './outbox';
import { createReadMarks } from './readMarks';
import { createWindows, type RoomChat } from './windows';

export type { Loading, RoomChat } from './windows';

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
   * Deletes after ten seconds unless it is taken back (deletions.ts). Returns how to take it back; `ended` is called
   * either way.
   */
  removeSoon(room: string, target: number, ended: () => void): () => void;
  /** Deletes at once what could still be taken back. */
  removeNow(): Promise<void>;
  react(room: string, target: number, emoji: string, on: boolean): void;
  pin(room: string, target: number, on: boolean): void;
  /** The latest pin first; `leftOut` older ones did not fit. */
  pins(room: string): Promise<{ messages: ChatMessage[]; leftOut: number }>;
  revisions(room: string, target: number): Promise<Revision[]>;
  read(room: string, seq: number): void;
  unreadFrom(room: string, seq: number): void;
  typed(room: string, hasText: boolean): void;
  draft(room: string): string;
  /** Rooms with something half written. */
  draftCount(): number;
  /** The draft that changed last without being typed in this tab. */
  sharedDraft: ReadonlySignal<SharedDraft | null>;
  setDraft(room: string, text: string): void;
  /** Makes a message that was refused a draft again, below what is half written there. */
  takeBack(tag: string): Promise<void>;
  resume(): ResumePoint[];
  apply(message: ServerMessage): void;
  load(): Promise<void>;
  /** Lets go of what the box has as well; drafts and what waits stay. */
  ended(): void;
  forget(): void;
}

const TYPING_EVERY = 3_000;

interface Options {
  clock: Clock;
  /** Where what this person wrote is kept. */
  table: Table;
  /** Where what the box has as well is kept; the same unless told otherwise. */
  cache?: Table;
  connection(): Connection;
  uuid(): string;
  /** The other tabs of this browser. */
  channel?: Channel;
  /** The newest event of a room as the box last said. */
  lastSeq(room: string): number;
}

export function createChatStore({ clock, table, cache = table, connection, uuid, channel, lastSeq }: Options): ChatStore {
  const send = (message: ClientMessage) => connection().send(message);
  const outbox = createOutbox({ clock, table, send });
  const windows = createWindows({ clock, table: cache, connection });
  const drafts = createDrafts(table, channel);
  const marks = createReadMarks({ send, lastOf: lastSeq });
  const deletions = createDeletions({ clock, table, remove });
  const typedAt = new Map<string, number>();
  const takingBack = new Set<string>();
  let me = '';
  let ends: ReadonlyMap<string, number> = new Map();

  function act(make: (tag: string) => Tagged) {
    void outbox.add(make(uuid()));
  }

  function remove(room: string, target: number) {
    act((tag) => ({ type: 'chat_delete', tag, room, target }));
  }

  function latest(room: string) {
    if (!windows.entry(room).timeline.peek().atEnd) void windows.loadFirst(room);
  }

  function welcome({ account, rooms }: Welcome) {
    me = account.user.id;
    const mine = rooms.flatMap((room) => {
      const self = room.members.find((member) => member.user === me);
      return self ? [{ room: room.id, lastSeq: room.lastSeq, read: self.read }] : [];
    });
    ends = new Map(mine.map(({ room, lastSeq: last }) => [room, last]));
    windows.welcome(new Set(ends.keys()));
    marks.welcome(new Map(mine.map(({ room, read }) => [room, read])));
    // Whatever was on its way belonged to a connection that is gone; the missed events say what of it arrived.
    outbox.stall();
  }

  function ended() {
    windows.forget();
    marks.forget();
    typedAt.clear();
  }

  function applyOne(message: ServerMessage) {
    switch (message.type) {
      case 'welcome':
        return welcome(message);
      case 'caught_up':
        outbox.flush();
        return windows.caughtUp(ends);
      case 'room_events':
        for (const event of message.events) if (event.tag) outbox.settle(event.tag);
        return windows.apply(message.room, message.events);
      case 'room_reset':
        return windows.reset(message.room, message.page);
      case 'chat_ack':
        return outbox.settle(message.tag);
      case 'chat_refused':
        // Something deleted already is as deleted as it can be.
        if (message.error.code === 'message_deleted') return outbox.discard(message.tag);
        return outbox.refuse(message.tag, message.error);
      case 'read_mark':
        if (message.user === me) marks.confirm(message.room, message.seq);
        return;
      case 'room_removed':
        return windows.drop(message.room);
    }
  }

  return {
    outbox,
    open(room) {
      marks.opened(room);
      return windows.open(room);
    },
    loadBefore: (room) => windows.extend(room, 'before'),
    loadAfter: (room) => windows.extend(room, 'after'),
    async jump(room, seq) {
      const { timeline } = windows.entry(room);
      const has = () => timeline.peek().items.some((item) => item.seq === seq);
      if (!has()) await windows.loadFirst(room, { type: 'around', seq });
      return has();
    },
    latest,
    send(room, text, replyTo) {
      act((tag) => ({ type: 'chat_send', tag, room, text, ...(replyTo === undefined ? {} : { replyTo }) }));
      latest(room);
    },
    edit: (room, target, text) => act((tag) => ({ type: 'chat_edit', tag, room, target, text })),
    remove,
    removeSoon: deletions.soon,
    removeNow: deletions.now,
    react: (room, target, emoji, on) => act((tag) => ({ type: 'chat_react', tag, room, target, emoji, on })),
    pin: (room, target, on) => act((tag) => ({ type: 'chat_pin', tag, room, target, on })),
    async pins(room) {
      const { messages, leftOut } = await connection().request<'pins'>((request) => ({ type: 'pins', request, room }));
      return { messages, leftOut: leftOut ?? 0 };
    },
    async revisions(room, target) {
      const ask = (request: number) => ({ type: 'revisions' as const, request, room, target });
      return (await connection().request<'revisions'>(ask)).revisions;
    },
    read: marks.read,
    unreadFrom: marks.unreadFrom,
    typed(room, hasText) {
      const now = clock.now();
      if (hasText && now - (typedAt.get(room) ?? -Infinity) < TYPING_EVERY) return;
      if (!hasText && !typedAt.has(room)) return;
      if (hasText) typedAt.set(room, now);
      else typedAt.delete(room);
      send({ type: 'chat_typing', room, on: hasText });
    },
    draft: drafts.of,
    draftCount: drafts.count,
    sharedDraft: drafts.shared,
    setDraft: drafts.set,
    async takeBack(tag) {
      const message = outbox.pending.peek().find((one) => one.message.tag === tag)?.message;
      if (message?.type !== 'chat_send' || takingBack.has(tag)) return;
      takingBack.add(tag);
      await drafts.append(message.room, message.text);
      outbox.discard(tag);
      takingBack.delete(tag);
    },
    resume: windows.resume,
    apply: (message) => batch(() => applyOne(message)),
    async load() {
      await Promise.all([drafts.load(), windows.load(), outbox.load(), deletions.load()]);
    },
    ended,
    forget() {
      ended();
      drafts.forget();
      outbox.forget();
      deletions.forget();
    },
  };
}
