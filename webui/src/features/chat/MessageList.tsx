import { useComputed } from '@preact/signals';
import type { ComponentChild } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useServices } from '../../app/context';
import { format, t } from '../../i18n';
import type { ChatMessage } from '../../protocol/generated/ChatMessage';
import type { Room } from '../../protocol/generated/Room';
import { Button } from '../../ui/Button';
import { EmptyState, ErrorState, Skeleton } from '../../ui/Notice';
import { MessageView, type MessageActions } from './MessageView';
import { NoticeView } from './NoticeView';
import { PendingView } from './PendingView';
import { rowsOf } from './rows';
import { useListKeys } from './useListKeys';
import { useReading } from './useReading';
import { useRemoving } from './useRemoving';

/** Rows that did not change are not made again: the same node is skipped by the renderer. */
function useRows() {
  const rows = useRef(new Map<string, { from: readonly unknown[]; node: ComponentChild }>());
  return (key: string, from: readonly unknown[], make: () => ComponentChild): ComponentChild => {
    const known = rows.current.get(key);
    if (known && known.from.length === from.length && known.from.every((one, index) => one === from[index])) return known.node;
    const node = make();
    rows.current.set(key, { from, node });
    return node;
  };
}

interface Props {
  room: Room;
  canWrite: boolean;
  /** The message that a link leads to. */
  target: number | null;
  actions: MessageActions;
  /** Deleted a moment ago, and the person may still change their mind. */
  hidden: ReadonlySet<number>;
}

/** This near to the end, the list stays at the end. */
const NEAR = 60;

export function MessageList({ room, canWrite, target, actions, hidden }: Props) {
  const { chat, rooms, platform } = useServices();
  const { timeline, loading } = chat.open(room.id);
  const box = useRef<HTMLDivElement>(null);
  const atBottom = useRef(true);
  const height = useRef(0);
  const [below, setBelow] = useState(0);
  const me = rooms.account.value?.user.id ?? '';
  const { unreadAfter, follow } = useReading(room, box);
  const { items, atStart, atEnd } = timeline.value;
  const pending = useComputed(() => chat.outbox.pending.value.filter((one) => one.message.room === room.id)).value;
  const rowOf = useRows();
  const now = platform.clock.now();
  const dayOf = (at: number) => format.day(at, now);
  const rows = rowsOf({ items, unreadAfter, me, members: room.members, dayOf });
  const messages = new Map(items.filter((item) => item.type === 'message').map((item): [number, ChatMessage] => [item.seq, item]));
  const listKeys = useListKeys({ box, messages, canWrite, actions });
  const removing = useRemoving(box, actions, hidden);
  const first = items[0]?.seq ?? 0;
  const last = items.at(-1)?.seq ?? 0;

  const toBottom = () => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
    setBelow(0);
  };

  // Opening: at the first unread line, at the message of a link, else at the end.
  useLayoutEffect(() => {
    if (items.length === 0) return;
    const element = box.current?.querySelector(target === null ? '.unread-line' : `#m${target}`);
    if (element) element.scrollIntoView({ block: target === null ? 'start' : 'center' });
    else toBottom();
  }, [room.id, items.length === 0, target]);

  // Older lines came in above: what is read stays where it is.
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const grown = element.scrollHeight - height.current;
    if (!atBottom.current && grown > 0 && element.scrollTop < NEAR) element.scrollTop += grown;
    height.current = element.scrollHeight;
  }, [first]);

  // Something new at the end: follow when already there, else count.
  useLayoutEffect(() => {
    if (atBottom.current) toBottom();
    else if (messages.get(last)?.by !== me) setBelow((count) => count + 1);
    if (box.current) height.current = box.current.scrollHeight;
  }, [last, pending.length]);

  // Whatever grew — marks, reactions, the composer — the end stays the end.
  useLayoutEffect(() => {
    if (atBottom.current && target === null && box.current) box.current.scrollTop = box.current.scrollHeight;
  });

  useEffect(() => setBelow(0), [room.id]);

  const scrolled = () => {
    const element = box.current;
    if (!element) return;
    const left = element.scrollHeight - element.scrollTop - element.clientHeight;
    atBottom.current = left < NEAR && atEnd;
    if (atBottom.current) setBelow(0);
    if (element.scrollTop < 300 && loading.value === 'idle') chat.loadBefore(room.id);
    if (left < 300 && !atEnd && loading.value === 'idle') chat.loadAfter(room.id);
    follow();
  };

  if (items.length === 0 && loading.value === 'failed') {
    return <ErrorState text={t.value.chat.loadFailed} onRetry={() => chat.latest(room.id)} />;
  }
  return (
    <div class="list-wrap">
      <div ref={box} class="message-list" role="log" aria-live="off" aria-label={t.value.chat.messages} tabIndex={0} onScroll={scrolled} onKeyDown={listKeys}>
        {items.length === 0 && loading.value === 'first' && <Skeleton />}
        {atStart && <EmptyState icon="message-circle" text={t.value.chat.start(room.name)} />}
        {loading.value === 'failed' && items.length > 0 && (
          <p class="row center">{t.value.chat.olderFailed} <Button small onClick={() => chat.loadBefore(room.id)}>{t.value.ui.retry}</Button></p>
        )}
        {rows.map((row) => {
          if (row.type === 'day') return <h2 key={row.key} class="day-line"><span>{dayOf(row.at)}</span></h2>;
          if (row.type === 'unread') return <div key={row.key} class="unread-line"><span>{t.value.chat.newMessages(row.count)}</span></div>;
          if (row.type === 'notice') return <NoticeView key={row.key} notice={row.notice} />;
          const { message } = row;
          if (hidden.has(message.seq)) return null;
          const answered = message.replyTo === undefined ? null : (messages.get(message.replyTo) ?? null);
          const isTarget = message.seq === target;
          return rowOf(row.key, [message, row.grouped, row.seenBy.join(), canWrite, isTarget, answered, room.kind, room.id, t.value], () => (
            <MessageView
              key={row.key}
              room={room}
              message={message}
              grouped={row.grouped}
              seenBy={row.seenBy}
              canWrite={canWrite}
              isTarget={isTarget}
              answered={answered}
              actions={removing}
            />
          ));
        })}
        {pending.map((one) => <PendingView key={one.message.tag} pending={one} canWrite={canWrite} />)}
      </div>
      {(below > 0 || !atEnd) && items.length > 0 && (
        <Button class="button jump" small icon="arrow-down" onClick={() => (atEnd ? toBottom() : chat.latest(room.id))}>
          {t.value.chat.toLatest(below)}
        </Button>
      )}
    </div>
  );
}
