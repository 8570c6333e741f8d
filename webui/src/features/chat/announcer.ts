/** Speaks new messages to screen readers: one sentence each, or a count when many come at once. */
import { t } from '../../i18n';
import type { Clock } from '../../platform/types';
import type { RoomEvent } from '../../protocol/generated/RoomEvent';
import type { ServerMessage } from '../../protocol/generated/ServerMessage';
import { announce } from '../../ui/announce';
import { plain } from './markdown';

/** One sentence in this time: what comes meanwhile is spoken together, as a number when it is more than two. */
const TOGETHER = 2_000;
/** The first one waits this long for company. */
const SOON = 500;
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
  let spokenAt = -Infinity;

  function speak() {
    const batch = heard;
    heard = [];
    spokenAt = clock.now();
    const first = batch[0];
    if (!first) return;
    if (batch.length > 2) {
      const isOneRoom = batch.every((one) => one.room === first.room);
      const name = isOneRoom ? rooms.rooms.peek().get(first.room)?.name : undefined;
      return announce(t.peek().chat.spokenMany(batch.length, name ?? ''));
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
    return plain(change.text).slice(0, LONGEST);
  }

  return {
    hear(message: ServerMessage) {
      if (message.type === 'welcome') isLive = false;
      if (message.type === 'caught_up') isLive = true;
      if (message.type !== 'room_events' || !isLive) return;
      for (const event of message.events) {
        const text = wanted(message.room, event);
        if (text === null) continue;
        if (heard.length === 0) clock.after(Math.max(SOON, spokenAt + TOGETHER - clock.now()), speak);
        heard.push({ room: message.room, event, text });
      }
    },
  };
}
