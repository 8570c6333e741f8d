/**
 * Deleting with ten seconds to think again. The intention is on this browser's disk meanwhile, so a tab that is closed
 * deletes at its next start, and a tab that is opened meanwhile waits for the rest of the time.
 */
import type { Clock, Table } from '../../platform/types';

/** How long a deletion can be taken back. */
export const UNDO = 10_000;

const PREFIX = 'deleting/';

interface Intention {
  room: string;
  target: number;
  at: number;
}

interface Options {
  clock: Clock;
  table: Table;
  remove(room: string, target: number): void;
}

export function createDeletions({ clock, table, remove }: Options) {
  const waiting = new Map<string, { cancel(): void; run(): unknown }>();
  const keyOf = ({ room, target }: Intention) => `${PREFIX}${room}/${target}`;

  function end(key: string) {
    waiting.get(key)?.cancel();
    waiting.delete(key);
    table.remove(key).catch(() => undefined);
  }

  async function load() {
    for (const [key, intention] of await table.entries<Intention>(PREFIX)) {
      if (waiting.has(key)) continue;
      const left = Math.min(UNDO, Math.max(0, intention.at + UNDO - clock.now()));
      const run = async () => {
        // Another tab may have taken it back, or done it.
        if ((await table.get(key)) === undefined || !waiting.has(key)) return;
        remove(intention.room, intention.target);
        end(key);
      };
      waiting.set(key, { cancel: clock.after(left, run), run });
    }
  }

  return {
    /** Returns how to take it back; `ended` is called either way. */
    soon(room: string, target: number, ended: () => void): () => void {
      const intention: Intention = { room, target, at: clock.now() };
      const key = keyOf(intention);
      let isOver = false;
      const finish = () => {
        if (isOver) return false;
        isOver = true;
        end(key);
        ended();
        return true;
      };
      const run = () => {
        remove(room, target);
        finish();
      };
      waiting.set(key, { cancel: clock.after(UNDO, run), run });
      table.put(key, intention).catch(() => undefined);
      return () => void finish();
    },
    load,
    /** No more time to think: the person leaves, in all tabs. */
    async now() {
      await load().catch(() => undefined);
      await Promise.allSettled([...waiting.values()].map((one) => one.run()));
    },
    forget() {
      for (const one of waiting.values()) one.cancel();
      waiting.clear();
    },
  };
}
