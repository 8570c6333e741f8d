/** A table in IndexedDB; in memory where the browser keeps nothing. */
import type { Table } from './types';

const STORE = 'values';

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB failed'));
  });
}

function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open('mesh', 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return done(request);
}

export function openTable(): Table {
  const memory = new Map<string, unknown>();
  const database = openDatabase().catch(() => null);

  async function store(mode: IDBTransactionMode): Promise<IDBObjectStore | null> {
    return (await database)?.transaction(STORE, mode, { durability: 'strict' }).objectStore(STORE) ?? null;
  }

  return {
    async get<T>(key: string) {
      const values = await store('readonly');
      return (values ? await done(values.get(key)) : memory.get(key)) as T | undefined;
    },
    async put(key, value) {
      const values = await store('readwrite');
      if (values) await done(values.put(value, key));
      else memory.set(key, value);
    },
    async remove(key) {
      const values = await store('readwrite');
      if (values) await done(values.delete(key));
      else memory.delete(key);
    },
    async entries<T>(prefix: string) {
      const values = await store('readonly');
      if (!values) {
        const keys = [...memory.keys()].filter((key) => key.startsWith(prefix)).sort();
        return keys.map((key): [string, T] => [key, memory.get(key) as T]);
      }
      const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
      const [keys, found] = await Promise.all([done(values.getAllKeys(range)), done(values.getAll(range))]);
      return keys.map((key, index): [string, T] => [String(key), found[index] as T]);
    },
    async clear(stays = () => false) {
      const values = await store('readwrite');
      if (values) {
        const keys = await done(values.getAllKeys());
        await Promise.all(keys.filter((key) => !stays(String(key))).map((key) => done(values.delete(key))));
      }
      for (const key of memory.keys()) if (!stays(key)) memory.delete(key);
    },
  };
}
