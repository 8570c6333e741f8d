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
  /** What changed last without being typed here: in another tab, or by taking back what was refused. */
  const shared = signal<SharedDraft | null>(null);

  function keep(room: string, text: string) {
    if (text === '') drafts.delete(room);
    else drafts.set(room, text);
  }

  async function write(room: string, text: string) {
    keep(room, text);
    channel?.post({ type: 'draft', room, text } satisfies SharedDraft);
    const key = `${PREFIX}${room}`;
    await (text === '' ? table.remove(key) : table.put(key, text)).catch(() => undefined);
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
    set: (room: string, text: string) => void write(room, text),
    /** Puts a text below what is there. Resolves when this browser's disk has it, or can't. */
    append(room: string, text: string): Promise<void> {
      const joined = [drafts.get(room), text].filter(Boolean).join('\n\n');
      shared.value = { type: 'draft', room, text: joined };
      return write(room, joined);
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
