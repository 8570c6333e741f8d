/**
 * Whose things this browser keeps. What somebody wrote and the box does not have yet (drafts, what waits to be sent,
 * deletions that can still be taken back) is under that person's name: it outlives a session that the box ended, is
 * there when the same person signs in again, and is never read or sent by anybody else. What the box has as well is not
 * theirs to keep: it goes with the session.
 */
import { signal, type ReadonlySignal } from '@preact/signals-core';
import type { Channel, Table } from '../../platform/types';

const LAST = 'last';
const OWN = 'own/';

export interface Keeping {
  id: string;
  userName: string;
}

export interface Keeper {
  /** Who used this browser last, and did not sign out. */
  last: ReadonlySignal<Keeping | null>;
  /** The part of the table that belongs to that person. */
  own: Table;
  /** The other tabs in which the same person is. */
  channel: Channel;
  load(): Promise<void>;
  set(user: Keeping): void;
  /** The session is over: what the box has goes, what only this browser has stays. */
  ended(): Promise<void>;
  /** The person signed out: everything of theirs goes, too. */
  left(): Promise<void>;
  /** Nothing here belongs to anybody of this box. */
  clear(): Promise<void>;
}

interface Addressed {
  of: string;
  what: unknown;
}

function isAddressed(message: unknown): message is Addressed {
  return typeof message === 'object' && message !== null && 'of' in message && 'what' in message;
}

export function createKeeper(table: Table, channel: Channel): Keeper {
  const last = signal<Keeping | null>(null);
  const prefix = () => `${OWN}${last.peek()?.id ?? ''}/`;

  return {
    last,
    own: {
      get: (key) => table.get(prefix() + key),
      put: (key, value) => table.put(prefix() + key, value),
      remove: (key) => table.remove(prefix() + key),
      async entries<T>(within: string) {
        const mine = prefix();
        const found = await table.entries<T>(mine + within);
        return found.map(([key, value]): [string, T] => [key.slice(mine.length), value]);
      },
      clear: () => {
        const mine = prefix();
        return table.clear((key) => !key.startsWith(mine));
      },
    },
    channel: {
      post(what) {
        const of = last.peek()?.id;
        if (of !== undefined) channel.post({ of, what } satisfies Addressed);
      },
      listen(hear) {
        channel.listen((message) => {
          if (isAddressed(message) && message.of === last.peek()?.id) hear(message.what);
        });
      },
    },
    async load() {
      last.value ??= (await table.get<Keeping>(LAST)) ?? null;
    },
    set({ id, userName }) {
      if (last.peek()?.id === id && last.peek()?.userName === userName) return;
      last.value = { id, userName };
      table.put(LAST, last.peek()).catch(() => undefined);
    },
    ended: () => table.clear((key) => key === LAST || key.startsWith(OWN)),
    async left() {
      const mine = prefix();
      last.value = null;
      await table.clear((key) => key.startsWith(OWN) && !key.startsWith(mine));
    },
    async clear() {
      last.value = null;
      await table.clear();
    },
  };
}
