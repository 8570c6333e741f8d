/**
 * A window on a room's history, as a value: pages and live events go in in any order, rows come out in the order of
 * the room. The rules for messages are those of `core/src/room/history.rs`; both read protocol/fixtures/reducer.json.
 */
import type { ChatMessage } from '../../protocol/generated/ChatMessage';
import type { HistoryItem } from '../../protocol/generated/HistoryItem';
import type { HistoryPage } from '../../protocol/generated/HistoryPage';
import type { Reaction } from '../../protocol/generated/Reaction';
import type { RoomEvent } from '../../protocol/generated/RoomEvent';

/** Rows in the page at most; beyond, the far end is let go and can be loaded again. */
export const ROWS = 400;

export interface Timeline {
  /** Rising by seq. */
  items: readonly HistoryItem[];
  /** Whether the room's first line is among them. */
  atStart: boolean;
  /** Whether the newest line is among them: only then live events are appended. */
  atEnd: boolean;
  /** The newest event that was applied; what a resume starts after. */
  last: number;
}

export const EMPTY: Timeline = { items: [], atStart: false, atEnd: false, last: 0 };

export type Applied = { timeline: Timeline; gap: boolean };

function react(reactions: readonly Reaction[], emoji: string, user: string, on: boolean): Reaction[] {
  const found = reactions.some((reaction) => reaction.emoji === emoji);
  const base = found || !on ? reactions : [...reactions, { emoji, users: [] }];
  return base
    .map((reaction) => {
      if (reaction.emoji !== emoji) return reaction;
      const others = reaction.users.filter((other) => other !== user);
      const users = on ? (others.length === reaction.users.length ? [...others, user] : reaction.users) : others;
      return { emoji, users };
    })
    .filter((reaction) => reaction.users.length > 0);
}

/** What an event makes of the chat message that it names. */
export function reduce(message: ChatMessage, event: RoomEvent): ChatMessage {
  const { change } = event;
  if (!('target' in change) || change.target !== message.seq || event.seq <= message.rev) return message;
  const next = { ...message, rev: event.seq };
  if (message.deleted) return next;
  switch (change.type) {
    case 'edited':
      return { ...next, text: change.text, mentions: change.mentions, everyone: change.everyone, editedAt: event.at };
    case 'deleted':
      return { ...next, deleted: true, text: '', mentions: [], everyone: false, pinned: false, reactions: [] };
    case 'reacted':
      return { ...next, reactions: react(message.reactions, change.emoji, event.by, change.on) };
    case 'pinned':
      return { ...next, pinned: change.on };
  }
}

/** The line that an event is, or null for one that alters another line. */
export function lineOf(event: RoomEvent): HistoryItem | null {
  const { change, seq, at, by } = event;
  if (change.type === 'posted') {
    const { type: _, ...words } = change;
    return { type: 'message', seq, at, by, ...words, deleted: false, pinned: false, reactions: [], rev: seq };
  }
  return 'target' in change ? null : { type: 'notice', seq, at, by, change };
}

/** Applies the next event; tells when it is not the next one, so that what lies between can be asked for. */
export function applyEvent(timeline: Timeline, event: RoomEvent): Applied {
  if (event.seq <= timeline.last) return { timeline, gap: false };
  if (event.seq > timeline.last + 1) return { timeline, gap: true };
  const line = lineOf(event);
  const target = 'target' in event.change ? event.change.target : 0;
  let items = timeline.items;
  // A page that was read a moment later may have brought the line before its event.
  const isNew = line !== null && timeline.atEnd && (items.at(-1)?.seq ?? 0) < line.seq;
  if (isNew) {
    items = [...items, line].slice(-ROWS);
  } else if (!line) {
    items = items.map((item) =>
      item.type === 'message' && item.seq === target ? { type: 'message', ...reduce(item, event) } : item,
    );
  }
  const cut = isNew && timeline.items.length >= ROWS;
  return { timeline: { ...timeline, items, atStart: timeline.atStart && !cut, last: event.seq }, gap: false };
}

function newer(a: HistoryItem, b: HistoryItem): HistoryItem {
  return a.type === 'message' && b.type === 'message' && b.rev > a.rev ? b : a;
}

/** A fresh window: a reset, a jump to a message, or the first page. */
export function fromPage(page: HistoryPage, last: number): Timeline {
  return { items: page.items, atStart: page.atStart, atEnd: page.atEnd, last };
}

/**
 * Joins an older or newer page, asked for at that side of this very window; the other end gives way beyond `ROWS`.
 * Of two copies of a line the newer stays, so pages and events may come in any order.
 */
export function joinPage(timeline: Timeline, page: HistoryPage, side: 'before' | 'after'): Timeline {
  const known = new Map(timeline.items.map((item) => [item.seq, item]));
  for (const item of page.items) {
    const old = known.get(item.seq);
    known.set(item.seq, old ? newer(old, item) : item);
  }
  const items = [...known.values()].sort((a, b) => a.seq - b.seq);
  const over = items.length > ROWS;
  if (side === 'before') {
    return { ...timeline, items: items.slice(0, ROWS), atStart: page.atStart, atEnd: timeline.atEnd && !over };
  }
  return { ...timeline, items: items.slice(-ROWS), atStart: timeline.atStart && !over, atEnd: page.atEnd && page.lastSeq >= timeline.last };
}
