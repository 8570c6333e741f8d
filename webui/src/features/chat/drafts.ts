/** What was typed and not sent, for each room; kept on this browser's disk and the same in all its tabs. */
import { signal } from '@preact/signals-core';
import type { Channel, Table } from '../../platform/types';

const PREFIX = 'draft/';

export interface SharedDraft {
  type: 'draft';
  room: string;
  text: string;
}

function isShared(message: unknown): message is SharedDraft {
  return typeof message === 'object' && message !== null && (message as SharedDraft).type === 'draft';
}

export function createDrafts(table: Table, channel?: Channel) {
  const drafts = new Map<string, string>();
  /** What another tab typed last. */
  const shared = signal<SharedDraft | null>(null);

  function keep(room: string, text: string) {
    if (text === '') drafts.delete(room);
    else drafts.set(room, text);
  }

  channel?.listen((message) => {
    if (!isShared(message)) return;
    keep(message.room, message.text);
    shared.value = message;
  });

  return {
    shared,
    of: (room: string) => drafts.get(room) ?? '',
    count: () => drafts.size,
    set(room: string, text: string) {
      keep(room, text);
      const key = `${PREFIX}${room}`;
      (text === '' ? table.remove(key) : table.put(key, text)).catch(() => undefined);
      channel?.post({ type: 'draft', room, text } satisfies SharedDraft);
    },
    async load() {
      for (const [key, text] of await table.entries<string>(PREFIX)) {
        const room = key.slice(PREFIX.length);
        if (!drafts.has(room)) drafts.set(room, text);
      }
    },
    forget() {
      drafts.clear();
      shared.value = null;
    },
  };
}
