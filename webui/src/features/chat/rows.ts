/** What the message list shows, from a timeline: days, groups, the unread line, who has seen what. */
import type { ChatMessage } from '../../protocol/generated/ChatMessage';
import type { HistoryItem } from '../../protocol/generated/HistoryItem';
import type { Member } from '../../protocol/generated/Member';
import type { Notice } from '../../protocol/generated/Notice';

export type Row =
  | { key: string; type: 'day'; at: number }
  | { key: string; type: 'unread'; count: number }
  | { key: string; type: 'notice'; notice: Notice }
  | { key: string; type: 'message'; message: ChatMessage; grouped: boolean; seenBy: string[] };

/** Messages of one author within this time stand together. */
const GROUP_MS = 5 * 60_000;

export interface RowOptions {
  items: readonly HistoryItem[];
  /** Where the unread line stands: after this event. */
  unreadAfter: number | null;
  me: string;
  members: readonly Member[];
  /** The calendar day of an instant, in the reader's time zone. */
  dayOf(at: number): string;
}

/** The last message each other member has seen, by its seq. */
export function seenBy(items: readonly HistoryItem[], members: readonly Member[], me: string): Map<number, string[]> {
  const seen = new Map<number, string[]>();
  const messages = items.filter((item) => item.type === 'message');
  for (const member of members) {
    if (member.user === me) continue;
    const last = messages.findLast((item) => item.seq <= member.read);
    if (last && last.by !== member.user) seen.set(last.seq, [...(seen.get(last.seq) ?? []), member.user]);
  }
  return seen;
}

export function rowsOf(options: RowOptions): Row[] {
  const { items, unreadAfter, me, members, dayOf } = options;
  const seen = seenBy(items, members, me);
  const rows: Row[] = [];
  let day = '';
  let before: ChatMessage | null = null;
  let marked = unreadAfter === null;
  for (const item of items) {
    if (dayOf(item.at) !== day) {
      day = dayOf(item.at);
      rows.push({ key: `day ${item.seq}`, type: 'day', at: item.at });
      before = null;
    }
    if (item.type === 'notice') {
      rows.push({ key: `${item.seq}`, type: 'notice', notice: item });
      before = null;
      continue;
    }
    if (!marked && unreadAfter !== null && item.seq > unreadAfter && item.by !== me && !item.deleted) {
      const count = items.filter((one) => one.type === 'message' && one.seq > unreadAfter && one.by !== me && !one.deleted).length;
      rows.push({ key: 'unread', type: 'unread', count });
      marked = true;
      before = null;
    }
    const grouped =
      before !== null && before.by === item.by && item.at - before.at < GROUP_MS && item.replyTo === undefined && !before.deleted;
    rows.push({ key: `${item.seq}`, type: 'message', message: item, grouped, seenBy: seen.get(item.seq) ?? [] });
    before = item;
  }
  return rows;
}
