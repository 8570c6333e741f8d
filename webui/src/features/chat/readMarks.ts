/**
 * The own read marks: they move forward with what is seen, also without the box, which hears of it when it is back.
 * "Unread from here", on this device or another one, moves one back; it then stays there until something new comes or
 * another room is opened, or the mark would follow what is on the screen at once.
 */
import type { ClientMessage } from '../../protocol/generated/ClientMessage';

interface Options {
  send(message: ClientMessage): boolean;
  /** The newest event of a room that is known here. */
  lastOf(room: string): number;
}

export function createReadMarks({ send, lastOf }: Options) {
  /** What was seen here. */
  const wanted = new Map<string, number>();
  /** What was sent, at least as far as the box has it. */
  const told = new Map<string, number>();
  /** What the box said last. */
  const confirmed = new Map<string, number>();
  const held = new Map<string, number>();
  let current: string | null = null;

  function tell(room: string, seq: number) {
    if (send({ type: 'chat_read', room, seq })) told.set(room, seq);
  }

  return {
    read(room: string, seq: number) {
      if (seq <= (held.get(room) ?? 0) || seq <= (told.get(room) ?? 0)) return;
      held.delete(room);
      wanted.set(room, Math.max(seq, wanted.get(room) ?? 0));
      tell(room, seq);
    },
    unreadFrom(room: string, seq: number) {
      if (!send({ type: 'chat_unread', room, seq })) return;
      wanted.delete(room);
      held.set(room, lastOf(room));
    },
    /** The box says where the own mark of a room stands. */
    confirm(room: string, seq: number) {
      if (seq < (confirmed.get(room) ?? 0)) {
        wanted.delete(room);
        told.set(room, seq);
        held.set(room, lastOf(room));
      }
      confirmed.set(room, seq);
    },
    opened(room: string) {
      if (room !== current) held.clear();
      current = room;
    },
    /** A new connection, which knows these marks: tells it of those that it did not hear of. */
    welcome(marks: ReadonlyMap<string, number>) {
      confirmed.clear();
      told.clear();
      for (const [room, seq] of marks) {
        confirmed.set(room, seq);
        told.set(room, seq);
        if ((wanted.get(room) ?? 0) > seq) tell(room, wanted.get(room) ?? 0);
      }
    },
    forget() {
      for (const map of [wanted, told, confirmed, held]) map.clear();
      current = null;
    },
  };
}
