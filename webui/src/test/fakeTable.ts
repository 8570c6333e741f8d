/** A table that outlives the stores that use it, as IndexedDB outlives a reload. */
import type { Table } from '../platform/types';

export interface FakeTable extends Table {
  keys(): string[];
  /** From now on every write fails, as on a full disk. */
  fail(): void;
}

export function fakeTable(): FakeTable {
  const values = new Map<string, string>();
  let isBroken = false;
  const write = async (run: () => void) => {
    if (isBroken) throw new Error('the disk is full');
    run();
  };
  return {
    async get<T>(key: string) {
      const text = values.get(key);
      return text === undefined ? undefined : (JSON.parse(text) as T);
    },
    put: (key, value) => write(() => values.set(key, JSON.stringify(value))),
    remove: (key) => write(() => values.delete(key)),
    async entries<T>(prefix: string) {
      const keys = [...values.keys()].filter((key) => key.startsWith(prefix)).sort();
      return keys.map((key): [string, T] => [key, JSON.parse(values.get(key)!) as T]);
    },
    clear: (stays = () => false) => write(() => {
      for (const key of values.keys()) if (!stays(key)) values.delete(key);
    }),
    keys: () => [...values.keys()].sort(),
    fail() {
      isBroken = true;
    },
  };
}
