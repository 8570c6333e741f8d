import type { RefObject } from 'preact';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { useServices } from '../../app/context';
import type { Room } from '../../protocol/generated/Room';

/** A message counts as read when it was at least half visible for this long, in a window that has the focus. */
const READ_AFTER = 1_000;

/** Where the line of new messages stands, and the read mark that follows what is really seen. */
export function useReading(room: Room, box: RefObject<HTMLDivElement | null>) {
  const { chat, platform, rooms } = useServices();
  const me = rooms.account.value?.user.id;
  const mark = room.members.find((member) => member.user === me)?.read ?? 0;
  const [line, setLine] = useState<{ room: string; after: number | null }>({ room: '', after: null });
  const timer = useRef<() => void>(() => {});
  const before = useRef({ room: '', mark });

  // The line stays where it was when the room was opened, and moves when the mark is set back.
  useEffect(() => {
    setLine({ room: room.id, after: room.unread.messages > 0 ? mark : null });
  }, [room.id]);
  useEffect(() => {
    const wasSetBack = before.current.room === room.id && mark < before.current.mark;
    before.current = { room: room.id, mark };
    if (wasSetBack) return setLine({ room: room.id, after: mark });
    setLine((old) => (old.room === room.id && (old.after === null || mark < old.after) && room.unread.messages > 0 && mark < room.lastSeq && !platform.isAttended() ? { room: room.id, after: mark } : old));
  }, [mark, room.unread.messages]);

  const follow = useCallback(() => {
    timer.current();
    if (!platform.isAttended()) return;
    timer.current = platform.clock.after(READ_AFTER, () => {
      const element = box.current;
      if (!element || !platform.isAttended()) return;
      const view = element.getBoundingClientRect();
      let seen = 0;
      for (const message of element.querySelectorAll<HTMLElement>('[data-seq]')) {
        const place = message.getBoundingClientRect();
        const middle = (place.top + place.bottom) / 2;
        if (middle >= view.top && middle <= view.bottom) seen = Math.max(seen, Number(message.dataset.seq));
      }
      // At the very end everything was seen, changes to older lines included.
      const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < 4;
      if (atEnd && chat.open(room.id).timeline.peek().atEnd) seen = Math.max(seen, chat.open(room.id).timeline.peek().last);
      if (seen > 0) chat.read(room.id, seen);
    });
  }, [room.id]);

  useEffect(() => {
    follow();
    return () => timer.current();
  }, [room.id, room.lastSeq, mark]);
  useEffect(() => platform.onAttention((attended) => attended && follow()), [room.id]);

  return { unreadAfter: line.room === room.id ? line.after : null, follow };
}
