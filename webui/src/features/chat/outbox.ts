/**
 * What this person did and the box has not confirmed: written to the browser's disk before it is sent, so that
 * closing the tab loses nothing. Sent in order; a repeated tag is harmless, so everything is sent again after a
 * reconnect.
 */
import { signal, type ReadonlySignal } from '@preact/signals-core';
import type { Clock, Table } from '../../platform/types';
import type { ClientMessage } from '../../protocol/generated/ClientMessage';
import type { ErrorBody } from '../../protocol/generated/ErrorBody';

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
}

export interface Outbox {
  /** In the order in which they were done. */
  pending: ReadonlySignal<readonly Pending[]>;
  add(message: Tagged): Promise<void>;
  /** On disk at the box, or seen as an event. */
  settle(tag: string): void;
  refuse(tag: string, error: ErrorBody): void;
  /** Try a refused one again. */
  retry(tag: string): void;
  /** Take one out for good. */
  discard(tag: string): void;
  /** The connection is there: send everything that waits. */
  flush(): void;
  /** The connection is gone: what was on its way waits again. */
  stall(): void;
  load(): Promise<void>;
  forget(): void;
}

const PREFIX = 'outbox/';
/** Refusals that time heals: the same message is tried again. */
const PASSING = new Set(['storage_full', 'storage_failing', 'busy', 'too_many', 'internal']);
const RETRY_AFTER = 5_000;

interface Options {
  clock: Clock;
  table: Table;
  send(message: ClientMessage): boolean;
}

export function createOutbox({ clock, table, send }: Options): Outbox {
  const pending = signal<readonly Pending[]>([]);
  let counter = 0;
  const keys = new Map<string, string>();

  function change(tag: string, next: Partial<Pending>) {
    pending.value = pending.peek().map((one) => (one.message.tag === tag ? { ...one, ...next } : one));
  }

  function remove(tag: string) {
    if (!pending.peek().some((one) => one.message.tag === tag)) return;
    pending.value = pending.peek().filter((one) => one.message.tag !== tag);
    const key = keys.get(tag);
    keys.delete(tag);
    if (key) void table.remove(key);
  }

  function attempt(one: Pending) {
    if (send(one.message)) change(one.message.tag, { state: 'sending' });
  }

  function flush() {
    for (const one of pending.peek()) if (one.state === 'waiting') attempt(one);
  }

  return {
    pending,
    async add(message) {
      const one: Pending = { message, at: clock.now(), state: 'waiting' };
      counter += 1;
      const key = `${PREFIX}${String(one.at).padStart(15, '0')}-${String(counter).padStart(6, '0')}`;
      keys.set(message.tag, key);
      pending.value = [...pending.peek(), one];
      await table.put(key, one);
      // It may have been taken back while the disk was busy.
      const still = pending.peek().find((other) => other.message.tag === message.tag);
      if (still?.state === 'waiting') attempt(still);
    },
    settle: remove,
    refuse(tag, error) {
      change(tag, { state: PASSING.has(error.code) ? 'waiting' : 'refused', error });
      if (PASSING.has(error.code)) clock.after(RETRY_AFTER, flush);
    },
    retry(tag) {
      change(tag, { state: 'waiting' });
      flush();
    },
    discard: remove,
    flush,
    stall() {
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
      flush();
    },
    forget() {
      keys.clear();
      pending.value = [];
    },
  };
}
