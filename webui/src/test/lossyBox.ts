/**
 * A box with one room and a bad network: it keeps what was written and answers as the real one does, while connections
 * break at any message, stay silent, or end with a restart, and pages come late.
 */
import type { Clock, OpenSocket, SocketEvents } from '../platform/types';
import type { ClientMessage } from '../protocol/generated/ClientMessage';
import type { HistoryItem } from '../protocol/generated/HistoryItem';
import type { HistoryPage } from '../protocol/generated/HistoryPage';
import type { PageFrom } from '../protocol/generated/PageFrom';
import type { RoomEvent } from '../protocol/generated/RoomEvent';
import type { RoomEventKind } from '../protocol/generated/RoomEventKind';
import type { ServerMessage } from '../protocol/generated/ServerMessage';
import { lineOf, reduce } from '../features/chat/timeline';
import type { Random } from './random';
import { account, room, ROOM, USERS, welcome } from './samples';

/** Missed events that are replayed; beyond, a reset. Small, so that both happen. */
const REPLAYED = 15;
/** Lines in a page. Small, so that windows and their edges matter. */
const ITEMS = 4;

interface Wire {
  user: string;
  events: SocketEvents;
  isAlive: boolean;
  isWelcome: boolean;
  up: number;
  down: number;
}

export interface Trouble {
  /** That a message breaks its connection. */
  loss: number;
  /** That a broken connection is not even closed. */
  silence: number;
  /** That a page overtakes nothing and is overtaken by events. */
  late: number;
  /** That the box is busy and asks for the write again. */
  busy: number;
}

export const NO_TROUBLE: Trouble = { loss: 0, silence: 0, late: 0, busy: 0 };

export type LossyBox = ReturnType<typeof createLossyBox>;

/** The lines of a room after all these events. */
export function linesAfter(log: readonly RoomEvent[]): HistoryItem[] {
  const lines: HistoryItem[] = [];
  for (const event of log) {
    const line = lineOf(event);
    if (line) lines.push(line);
    else {
      for (const [index, item] of lines.entries()) {
        if (item.type === 'message') lines[index] = { type: 'message', ...reduce(item, event) };
      }
    }
  }
  return lines;
}

export function createLossyBox(clock: Clock, random: Random) {
  const log: RoomEvent[] = [];
  const tags = new Map<string, number>();
  const wires = new Set<Wire>();
  let trouble: Trouble = NO_TROUBLE;
  let isDown = false;
  let told = 0;

  function cut(wire: Wire, code: number) {
    if (!wire.isAlive) return;
    wire.isAlive = false;
    wires.delete(wire);
    if (!random.chance(trouble.silence)) clock.after(random.below(50), () => wire.events.close(code));
  }

  /** After which time something arrives; nothing overtakes on one connection. */
  function travel(last: number): number {
    return Math.max(last, clock.now() + random.below(120));
  }

  function say(wire: Wire, message: ServerMessage, isLate = false) {
    wire.down = travel(wire.down);
    const at = isLate ? wire.down + 300 : wire.down;
    clock.after(at - clock.now(), () => {
      if (!wire.isAlive) return;
      if (random.chance(trouble.loss)) return cut(wire, 1006);
      wire.events.message(JSON.stringify(message));
    });
  }

  function read(from: PageFrom, limit: number): HistoryPage {
    const all = linesAfter(log);
    const at = (seq: number) => all.findIndex((item) => item.seq >= seq);
    const bound = (index: number) => (index < 0 ? all.length : index);
    let start = Math.max(0, all.length - limit);
    let end = all.length;
    if (from.type === 'before') {
      end = bound(at(from.seq));
      start = Math.max(0, end - limit);
    } else if (from.type === 'after') {
      start = bound(at(from.seq + 1));
      end = Math.min(all.length, start + limit);
    } else if (from.type === 'around') {
      start = Math.max(0, bound(at(from.seq)) - limit / 2);
      end = Math.min(all.length, start + limit);
    }
    return { items: all.slice(start, end), atStart: start === 0, atEnd: end === all.length, lastSeq: log.length };
  }

  function hello(wire: Wire, after: number | undefined) {
    const members = USERS.map((one) => ({ user: one.id, access: 'write' as const, read: 0 }));
    say(wire, { type: 'welcome', ...welcome({ account: account(wire.user), rooms: [room({ members, lastSeq: log.length })] }) });
    wire.isWelcome = true;
    if (after !== undefined && log.length - after > REPLAYED) {
      say(wire, { type: 'room_reset', room: ROOM, page: read({ type: 'latest' }, ITEMS) });
    } else if (after !== undefined) {
      // What the client holds already may come again.
      for (let from = Math.max(0, after - random.below(3)); from < log.length; from += 4) {
        say(wire, { type: 'room_events', room: ROOM, events: log.slice(from, from + 4) });
      }
    }
    say(wire, { type: 'caught_up' });
  }

  function changeOf(message: ClientMessage): RoomEventKind | null {
    switch (message.type) {
      case 'chat_send':
        return { type: 'posted', text: message.text, mentions: [], everyone: false };
      case 'chat_edit':
        return { type: 'edited', target: message.target, text: message.text, mentions: [], everyone: false };
      case 'chat_delete':
        return { type: 'deleted', target: message.target };
      case 'chat_react':
        return { type: 'reacted', target: message.target, emoji: message.emoji, on: message.on };
      default:
        return null;
    }
  }

  function write(wire: Wire, message: Extract<ClientMessage, { tag: string }>, change: RoomEventKind) {
    const { tag } = message;
    const known = tags.get(tag);
    if (known !== undefined) return say(wire, { type: 'chat_ack', tag, room: ROOM, seq: known });
    if (random.chance(trouble.busy)) {
      return say(wire, { type: 'chat_refused', tag, room: ROOM, error: { code: 'busy', message: '' } });
    }
    const event: RoomEvent = { room: ROOM, seq: log.length + 1, at: clock.now(), by: wire.user, tag, change };
    log.push(event);
    tags.set(tag, event.seq);
    // On disk first, told a moment later: a page that is read in between has it already.
    told = Math.max(told, clock.now() + random.below(80));
    clock.after(told - clock.now(), () => {
      for (const other of wires) if (other.isWelcome) say(other, { type: 'room_events', room: ROOM, events: [event] });
      say(wire, { type: 'chat_ack', tag, room: ROOM, seq: event.seq });
    });
  }

  function hear(wire: Wire, message: ClientMessage) {
    if (message.type === 'hello') return hello(wire, message.resume.find((point) => point.room === ROOM)?.seq);
    if (message.type === 'ping') return say(wire, { type: 'pong', nonce: message.nonce, now: 0 });
    if (message.type === 'history') {
      const answer = { type: 'history' as const, request: message.request, room: ROOM, page: read(message.from, ITEMS) };
      return say(wire, answer, random.chance(trouble.late));
    }
    const change = changeOf(message);
    if (change && 'tag' in message) write(wire, message, change);
  }

  return {
    log,
    openSocket: (user: string): OpenSocket => (events) => {
      const wire: Wire = { user, events, isAlive: true, isWelcome: false, up: 0, down: 0 };
      wires.add(wire);
      clock.after(random.below(200), () => {
        if (isDown) cut(wire, 1006);
        else if (wire.isAlive) events.open();
      });
      return {
        send(text) {
          wire.up = travel(wire.up);
          clock.after(wire.up - clock.now(), () => {
            if (!wire.isAlive) return;
            if (random.chance(trouble.loss)) return cut(wire, 1006);
            hear(wire, JSON.parse(text) as ClientMessage);
          });
        },
        close() {
          wire.isAlive = false;
          wires.delete(wire);
        },
      };
    },
    /** Everything that was written stays; everybody is cut off. */
    stop(isOrderly: boolean) {
      isDown = true;
      for (const wire of wires) {
        if (isOrderly && wire.isWelcome) wire.events.message(JSON.stringify({ type: 'goodbye', reason: 'restarting' }));
        cut(wire, isOrderly ? 1012 : 1006);
      }
    },
    start() {
      isDown = false;
    },
    setTrouble(next: Trouble) {
      trouble = next;
    },
  };
}
