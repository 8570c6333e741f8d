/**
 * Keys that do something, and what this device made of them. A combination is written as its modifiers and `event.key`:
 * `Mod+Shift+f`, where `Mod` is Ctrl or ⌘. What a key is called comes from the layout, so AZERTY works as it is.
 */
import { computed, signal, type ReadonlySignal } from '@preact/signals-core';
import type { Preferences } from '../../platform/types';

/** Everywhere. */
export const GLOBAL = {
  palette: 'Mod+k', sheet: 'Mod+/', search: 'Mod+Shift+f', drawer: 'Mod+b',
  roomNext: 'Alt+ArrowDown', roomPrevious: 'Alt+ArrowUp', unreadNext: 'Alt+Shift+ArrowDown', unreadPrevious: 'Alt+Shift+ArrowUp',
  regionNext: 'Mod+F6', regionPrevious: 'Mod+Shift+F6',
} as const;

/** Only while a message of the list has the focus; single letters may be switched off (WCAG 2.1.4). */
export const IN_LIST = { reply: 'r', edit: 'e', react: 'Plus' } as const;

export type ShortcutId = keyof typeof GLOBAL | keyof typeof IN_LIST;
export type Bindings = Readonly<Record<ShortcutId, string>>;

/** Opens the palette as well, whatever was chosen: for who lost their way. */
export const ALWAYS_PALETTE = 'F1';

/** What each is until somebody chooses. */
export const DEFAULTS: Bindings = { ...GLOBAL, ...IN_LIST };
const KEY = 'shortcuts';
const LETTERS = 'shortcuts.letters';
const MODIFIERS = ['Control', 'Shift', 'Alt', 'AltGraph', 'Meta', 'CapsLock', 'Dead', 'Process', 'Unidentified'];

export interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

/** What was pressed; null for a modifier alone. */
export function comboOf({ key, ctrlKey, metaKey, altKey, shiftKey }: Pressed): string | null {
  if (MODIFIERS.includes(key)) return null;
  const isCharacter = [...key].length === 1;
  const isLetter = isCharacter && key.toLowerCase() !== key.toUpperCase();
  const name = key === ' ' ? 'Space' : key === '+' ? 'Plus' : isCharacter ? key.toLowerCase() : key;
  // Shift is a part of a sign that needs it; which ones do is the layout's business.
  const isShifted = shiftKey && (isLetter || !isCharacter || key === ' ');
  return [ctrlKey || metaKey ? 'Mod' : '', altKey ? 'Alt' : '', isShifted ? 'Shift' : '', name].filter(Boolean).join('+');
}

/** A key that types something, without Ctrl or Alt. */
export function isSingle(combo: string): boolean {
  const name = combo.replace('Shift+', '');
  return !name.includes('+') && ([...name].length === 1 || name === 'Plus' || name === 'Space');
}

const NAMES: Readonly<Record<string, string>> = { ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→', Plus: '+', Escape: 'Esc', Shift: '⇧' };

/** The combination as it stands on this device's keys. */
export function labelOf(combo: string, isMac: boolean): string {
  const modifier = isMac ? (/\+F\d+$/.test(combo) ? '⌃' : '⌘') : 'Ctrl';
  const parts = combo.split('+').map((part) => {
    if (part === 'Mod') return modifier;
    if (part === 'Alt' && isMac) return '⌥';
    return NAMES[part] ?? ([...part].length === 1 ? part.toUpperCase() : part);
  });
  return parts.join(' ');
}

export interface Shortcuts {
  bindings: ReadonlySignal<Bindings>;
  /** Whether single letters do something. */
  letters: ReadonlySignal<boolean>;
  setLetters(on: boolean): void;
  /** What the pressed keys do: everywhere, or for a message that has the focus. */
  find(pressed: Pressed, where: 'global' | 'list'): ShortcutId | null;
  isChanged(id: ShortcutId): boolean;
  set(id: ShortcutId, combo: string): void;
  reset(id: ShortcutId): void;
  resetAll(): void;
}

function read(preferences: Preferences): Partial<Record<ShortcutId, string>> {
  try {
    const saved: unknown = JSON.parse(preferences.read(KEY) ?? '{}');
    const entries = Object.entries(saved as object).filter(([id, combo]) => id in DEFAULTS && typeof combo === 'string');
    return Object.fromEntries(entries) as Partial<Record<ShortcutId, string>>;
  } catch {
    return {};
  }
}

export function createShortcuts(preferences: Preferences): Shortcuts {
  const chosen = signal(read(preferences));
  const letters = signal(preferences.read(LETTERS) !== 'off');
  const bindings = computed<Bindings>(() => ({ ...DEFAULTS, ...chosen.value }));

  function save(next: Partial<Record<ShortcutId, string>>) {
    chosen.value = next;
    preferences.write(KEY, Object.keys(next).length === 0 ? null : JSON.stringify(next));
  }

  function reset(id: ShortcutId) {
    const { [id]: _, ...rest } = chosen.peek();
    save(rest);
  }

  return {
    bindings,
    letters,
    setLetters(on) {
      letters.value = on;
      preferences.write(LETTERS, on ? null : 'off');
    },
    find(pressed, where) {
      // Ctrl and Alt together are AltGr on many keyboards: they type.
      if (pressed.altKey && (pressed.ctrlKey || pressed.metaKey)) return null;
      const combo = comboOf(pressed);
      if (combo === null || (!letters.peek() && isSingle(combo))) return null;
      if (where === 'global' && combo === ALWAYS_PALETTE) return 'palette';
      const ids = Object.keys(where === 'global' ? GLOBAL : IN_LIST) as ShortcutId[];
      return ids.find((id) => bindings.peek()[id] === combo) ?? null;
    },
    isChanged: (id) => chosen.value[id] !== undefined,
    set(id, combo) {
      if (combo === DEFAULTS[id]) reset(id);
      else save({ ...chosen.peek(), [id]: combo });
    },
    reset,
    resetAll: () => save({}),
  };
}
