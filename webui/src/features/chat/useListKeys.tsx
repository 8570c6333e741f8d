import type { RefObject } from 'preact';
import { useServices } from '../../app/context';
import type { ChatMessage } from '../../protocol/generated/ChatMessage';
import type { MessageActions } from './MessageView';

interface Options {
  box: RefObject<HTMLDivElement | null>;
  messages: ReadonlyMap<number, ChatMessage>;
  canWrite: boolean;
  actions: MessageActions;
}

/** Moving through the messages with the arrows, and doing something with the one that has the focus. */
export function useListKeys({ box, messages, canWrite, actions }: Options) {
  const { rooms, shortcuts } = useServices();

  const move = (from: HTMLElement | null, step: 1 | -1): boolean => {
    const rows = [...(box.current?.querySelectorAll<HTMLElement>('[data-seq]') ?? [])];
    // From outside all of them one comes to the newest.
    const next = from ? rows[rows.indexOf(from) + step] : rows.at(-1);
    next?.focus();
    return next !== undefined;
  };

  const act = (row: HTMLElement, event: KeyboardEvent): boolean => {
    const message = messages.get(Number(row.dataset['seq']));
    if (!message || message.deleted) return false;
    const menus = row.querySelectorAll<HTMLElement>('.tools > button[aria-haspopup]');
    if (event.key === 'Enter') {
      menus[menus.length - 1]?.click();
      return true;
    }
    const id = shortcuts.find(event, 'list');
    if (id === null || !canWrite) return false;
    if (id === 'reply') actions.reply(message);
    else if (id === 'react') menus[0]?.click();
    else if (message.by === rooms.account.peek()?.user.id) actions.edit(message);
    return true;
  };

  return (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    const row = target.dataset['seq'] === undefined ? null : target;
    // Buttons and menus inside a message have keys of their own.
    if (event.defaultPrevented || (row === null && target !== box.current)) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : null;
    const isPlain = !event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    const done = step !== null && isPlain ? move(row, step) : row !== null && act(row, event);
    if (done) event.preventDefault();
  };
}
