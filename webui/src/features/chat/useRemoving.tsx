import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { MessageActions } from './MessageView';

/** A message that is deleted takes the focus with it: the one after it gets it, else the one before, else the list. */
export function useRemoving(box: RefObject<HTMLDivElement | null>, actions: MessageActions, hidden: ReadonlySet<number>): MessageActions {
  const next = useRef<HTMLElement | null>(null);
  useLayoutEffect(() => {
    if (next.current?.isConnected) next.current.focus();
    next.current = null;
  }, [hidden]);
  return {
    ...actions,
    remove(message) {
      const rows = [...(box.current?.querySelectorAll<HTMLElement>('[data-seq]') ?? [])];
      const at = rows.findIndex((row) => row.dataset['seq'] === String(message.seq));
      next.current = rows[at + 1] ?? rows[at - 1] ?? box.current;
      actions.remove(message);
    },
  };
}
