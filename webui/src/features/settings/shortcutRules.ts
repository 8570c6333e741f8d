/** Which combinations can be chosen, and why others can't. */
import { ALWAYS_PALETTE, GLOBAL, isSingle, type Bindings, type ShortcutId } from './shortcuts';

export type Problem = { why: 'taken'; by: ShortcutId } | { why: 'browser' | 'altGr' | 'fixed' | 'bare' };

/** What browsers keep for themselves, and what everybody needs there: tabs, reload, find, zoom, edit, history. */
const BROWSER = new Set([
  ...['n', 't', 'w', 'r', 'l', 'f', 'p', 'a', 'c', 'v', 'x', 'y', 'z', 'Plus', '-', 'Tab', 'PageUp', 'PageDown', 'F4', 'F5'].map((key) => `Mod+${key}`),
  ...Array.from({ length: 10 }, (_, digit) => `Mod+${digit}`),
  ...['n', 't', 'w', 'r', 'p', 'i', 'j', 'c', 'z', 'Tab'].map((key) => `Mod+Shift+${key}`),
  'Alt+F4', 'Alt+ArrowLeft', 'Alt+ArrowRight', 'Alt+Tab', 'Alt+Shift+Tab', 'F5', 'F6', 'F7', 'F11', 'F12',
]);
/** Keys with a meaning of their own in fields, lists and dialogs. */
const FIXED = /(^|\+)(Enter|Escape|Tab|Backspace|Delete|Space)$/;
const MOVES = /^(Shift\+)?(Arrow\w+|Home|End|PageUp|PageDown)$/;

export function problemOf(id: ShortcutId, combo: string, bindings: Bindings): Problem | null {
  if (combo.includes('Mod+Alt+')) return { why: 'altGr' };
  if (FIXED.test(combo) || MOVES.test(combo)) return { why: 'fixed' };
  if (BROWSER.has(combo)) return { why: 'browser' };
  // Everywhere means also where somebody types.
  if (id in GLOBAL && isSingle(combo)) return { why: 'bare' };
  if (combo === ALWAYS_PALETTE && id !== 'palette') return { why: 'taken', by: 'palette' };
  const by = (Object.keys(bindings) as ShortcutId[]).find((other) => other !== id && bindings[other] === combo);
  return by === undefined ? null : { why: 'taken', by };
}
