/**
 * What this person did and the box has not confirmed: written to the browser's disk before it is sent, so that
 * closing the tab loses nothing. Sent in order, a bounded number at a time. A repeated tag is harmless for as long as
 * the box knows it, so everything is sent again after a reconnect: once the missed events have said what of it is there
 * already. What is older may be there without anybody knowing, so the person is asked.
 */
import { computed, signal, type ReadonlySignal } from '@preact/signals-core';
import type { Clock, Table } from '../../platform/types';
import type { ClientMessage } from '../../protocol/generated/ClientMessage';
import type { ErrorBody } from '../../protocol/generated/ErrorBody';
import { CLIENT_TAG_SECONDS } from '../../protocol/generated/limit';

export type Tagged = Extract<
  ClientMessage,
  { type: 'chat_send' | 'chat_edit' | 'chat_delete' | 'chat_react' | 'chat_pin' }
>;

export interface Pending {
  message: Tagged;
  /** When the person did it. */
  at: number;
  state: 'waiting' | 'sending' | 'refused';
  error?: ErrorBody;
  /** Refused here: the box may have it, and would take it for a new one. */
  isOld?: true;
}

export interface Outbox {
  /** In the order in which they were done. */
  pending: ReadonlySignal<readonly Pending[]>;
  /** Of these, what the box will not take as it is. */
  refused: ReadonlySignal<readonly Pending[]>;
  add(message: Tagged): Promise<void>;
  /** On disk at the box, or seen as an event. */
  settle(tag: string): void;
  refuse(tag: string, error: ErrorBody): void;
  /** Try a refused one again, also when it is old. */
  retry(tag: string): void;
  /** Take one out for good. */
  discard(tag: string): void;
  /** The connection is there and all missed events were heard: send everything that waits. */
  flush(): void;
  /** The connection is gone: what was on its way waits again. */
  stall(): void;
  load(): Promise<void>;
  forget(): void;
}

const PREFIX = 'outbox/';
/** Refusals that time heals: the same message is tried again. */
const PASSING = new Set(['storage_full', 'storage_failing', 'busy', 'too_many', 'internal']);
/** How long the box knows a tag. */
const TAG_LASTS = CLIENT_TAG_SECONDS * 1_000;
const RETRY_AFTER = 5_000;
/** Messages on their way at once: well below the burst that the box takes (protocol/src/limit.rs). */
const ON_THE_WAY = 32;
/** Characters of a message on the wire; the box ends the connection beyond 64 KiB, which no retry would heal. */
const MOST_CHARS = 60_000;

interface Options {
  clock: Clock;
  table: Table;
  send(message: ClientMessage): boolean;
}

export function createOutbox({ clock, table, send }: Options): Outbox {
  const pending = signal<readonly Pending[]>([]);
  let counter = 0;
  const keys = new Map<string, string>();
  /** Not on this browser's disk yet, so not sent yet. */
  const unsaved = new Set<string>();
  let isOpen = true;
  let cancelRetry: (() => void) | null = null;

  function change(tag: string, next: Partial<Pending>) {
    pending.value = pending.peek().map((one) => (one.message.tag === tag ? { ...one, ...next } : one));
  }

  function remove(tag: string) {
    if (!pending.peek().some((one) => one.message.tag === tag)) return;
    pending.value = pending.peek().filter((one) => one.message.tag !== tag);
    const key = keys.get(tag);
    keys.delete(tag);
    if (key) table.remove(key).catch(() => undefined);
    pump();
  }

  function refuse(tag: string, error: ErrorBody) {
    const isPassing = PASSING.has(error.code);
    change(tag, { state: isPassing ? 'waiting' : 'refused', error });
    if (!isPassing) return pump();
    cancelRetry ??= clock.after(error.retryAfter === undefined ? RETRY_AFTER : error.retryAfter * 1_000, tryAgain);
  }

  /** Sends in order: what comes after something that waits, waits too. */
  function pump() {
    if (cancelRetry || !isOpen) return;
    let onTheWay = pending.peek().filter((one) => one.state === 'sending').length;
    for (const { message, state, at } of pending.peek()) {
      if (state !== 'waiting') continue;
      if (clock.now() - at > TAG_LASTS) {
        change(message.tag, { state: 'refused', isOld: true });
        continue;
      }
      if (onTheWay >= ON_THE_WAY || unsaved.has(message.tag)) return;
      if (JSON.stringify(message).length > MOST_CHARS) {
        change(message.tag, { state: 'refused', error: { code: 'text_too_long', message: '' } });
        continue;
      }
      if (!send(message)) return;
      change(message.tag, { state: 'sending' });
      onTheWay += 1;
    }
  }

  function tryAgain() {
    cancelRetry?.();
    cancelRetry = null;
    pump();
  }

  return {
    pending,
    refused: computed(() => pending.value.filter((one) => one.state === 'refused')),
    async add(message) {
      const one: Pending = { message, at: clock.now(), state: 'waiting' };
      counter += 1;
      // The tag keeps two tabs apart that write in the same millisecond.
      const key = `${PREFIX}${String(one.at).padStart(15, '0')}-${String(counter).padStart(6, '0')}-${message.tag}`;
      keys.set(message.tag, key);
      unsaved.add(message.tag);
      pending.value = [...pending.peek(), one];
      // A browser that can't keep it can still send it.
      await table.put(key, one).catch(() => undefined);
      unsaved.delete(message.tag);
      pump();
    },
    settle: remove,
    refuse,
    retry(tag) {
      pending.value = pending.peek().map((one): Pending => {
        if (one.message.tag !== tag) return one;
        const { isOld, ...rest } = one;
        const again: Pending = { ...rest, state: 'waiting', ...(isOld ? { at: clock.now() } : {}) };
        const key = keys.get(tag);
        if (isOld && key) table.put(key, again).catch(() => undefined);
        return again;
      });
      tryAgain();
    },
    discard: remove,
    flush() {
      isOpen = true;
      tryAgain();
    },
    stall() {
      isOpen = false;
      cancelRetry?.();
      cancelRetry = null;
      pending.value = pending
        .peek()
        .map((one) => (one.state === 'sending' ? { ...one, state: 'waiting' as const } : one));
    },
    async load() {
      const saved = await table.entries<Pending>(PREFIX);
      const known = new Set(pending.peek().map((one) => one.message.tag));
      const old = saved.filter(([, one]) => !known.has(one.message.tag));
      for (const [key, one] of old) keys.set(one.message.tag, key);
      pending.value = [...old.map(([, one]): Pending => ({ ...one, state: 'waiting' })), ...pending.peek()];
      tryAgain();
    },
    forget() {
      cancelRetry?.();
      cancelRetry = null;
      keys.clear();
      unsaved.clear();
      pending.value = [];
    },
  };
}
