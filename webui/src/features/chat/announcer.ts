/** Speaks new messages to screen readers: one sentence each, or a count when many come at once. */
import { t } from '../../i18n';
import type { Clock } from '../../platform/types';
import type { RoomEvent } from '../../protocol/generated/RoomEvent';
import type { ServerMessage } from '../../protocol/generated/ServerMessage';
import { announce } from '../../ui/announce';

/** Messages within this time are spoken together when there are more than two. */
const TOGETHER = 2_000;
const LONGEST = 200;

interface Options {
  clock: Clock;
  rooms: {
    account: { peek(): { user: { id: string } } | null };
    users: { peek(): ReadonlyMap<string, { name: string }> };
    rooms: { peek(): ReadonlyMap<string, { name: string; kind: string }> };
  };
  preferences: { values: { announce: { peek(): 'all' | 'mentions' | 'none' } } };
}

export function createAnnouncer({ clock, rooms, preferences }: Options) {
  let heard: { room: string; event: RoomEvent; text: string }[] = [];
  let isLive = false;

  function speak() {
    const batch = heard;
    heard = [];
    const first = batch[0];
    if (!first) return;
    if (batch.length > 2) {
      const room = rooms.rooms.peek().get(first.room);
      return announce(t.peek().chat.spokenMany(batch.length, room?.name ?? ''));
    }
    announce(batch.map(({ event, text }) => t.peek().chat.spoken(rooms.users.peek().get(event.by)?.name ?? '', text)).join(' '));
  }

  function wanted(room: string, event: RoomEvent): string | null {
    const me = rooms.account.peek()?.user.id;
    const { change } = event;
    if (change.type !== 'posted' || event.by === me || !me) return null;
    const mode = preferences.values.announce.peek();
    const isMention = change.everyone || change.mentions.includes(me) || rooms.rooms.peek().get(room)?.kind === 'direct';
    if (mode === 'none' || (mode === 'mentions' && !isMention)) return null;
    return change.text.slice(0, LONGEST);
  }

  return {
    hear(message: ServerMessage) {
      if (message.type === 'welcome') isLive = false;
      if (message.type === 'caught_up') isLive = true;
      if (message.type !== 'room_events' || !isLive) return;
      for (const event of message.events) {
        const text = wanted(message.room, event);
        if (text === null) continue;
        if (heard.length === 0) clock.after(TOGETHER / 4, speak);
        heard.push({ room: message.room, event, text });
      }
    },
  };
}
