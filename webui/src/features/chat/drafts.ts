/** What was typed and not sent, for each room; kept on this browser's disk. */
import type { Table } from '../../platform/types';

const PREFIX = 'draft/';

export function createDrafts(table: Table) {
  const drafts = new Map<string, string>();
  return {
    of: (room: string) => drafts.get(room) ?? '',
    set(room: string, text: string) {
      if (text === '') drafts.delete(room);
      else drafts.set(room, text);
      const key = `${PREFIX}${room}`;
      (text === '' ? table.remove(key) : table.put(key, text)).catch(() => undefined);
    },
    async load() {
      for (const [key, text] of await table.entries<string>(PREFIX)) {
        const room = key.slice(PREFIX.length);
        if (!drafts.has(room)) drafts.set(room, text);
      }
    },
    forget: () => drafts.clear(),
  };
}
