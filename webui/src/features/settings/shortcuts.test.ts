import { beforeEach, describe, expect, test } from 'vitest';
import { comboOf, createShortcuts, isSingle, labelOf, type Pressed, type Shortcuts } from './shortcuts';
import { problemOf } from './shortcutRules';

let stored: Map<string, string>;
let shortcuts: Shortcuts;

const open = () =>
  createShortcuts({
    read: (key) => stored.get(key) ?? null,
    write: (key, value) => void (value === null ? stored.delete(key) : stored.set(key, value)),
  });

function press(text: string): Pressed {
  const parts = text.split(' ');
  return { key: parts.at(-1)!, ctrlKey: parts.includes('Ctrl'), metaKey: parts.includes('Meta'), altKey: parts.includes('Alt'), shiftKey: parts.includes('Shift') };
}

beforeEach(() => {
  stored = new Map();
  shortcuts = open();
});

describe('what was pressed', () => {
  test.each([
    ['Ctrl k', 'Mod+k'], ['Meta K', 'Mod+k'], ['Ctrl Shift F', 'Mod+Shift+f'], ['Alt Shift ArrowDown', 'Alt+Shift+ArrowDown'],
    ['Ctrl Shift /', 'Mod+/'], ['Shift +', 'Plus'], ['Shift R', 'Shift+r'], ['é', 'é'], ['Ctrl Shift É', 'Mod+Shift+é'],
    ['Shift', null], ['Ctrl Control', null], ['Dead', null],
  ])('%s is %s', (keys, combo) => {
    expect(comboOf(press(keys))).toBe(combo);
  });

  test('is shown as it stands on the keys', () => {
    expect(['Mod+Shift+f', 'Alt+ArrowUp', 'Mod+F6', 'Plus'].map((combo) => labelOf(combo, false))).toEqual(['Ctrl ⇧ F', 'Alt ↑', 'Ctrl F6', '+']);
    expect(['Mod+k', 'Alt+ArrowUp', 'Mod+F6'].map((combo) => labelOf(combo, true))).toEqual(['⌘ K', '⌥ ↑', '⌃ F6']);
  });

  test('types when it is one key', () => {
    expect(['r', 'Shift+r', 'Plus', 'é'].every(isSingle)).toBe(true);
    expect(['Mod+r', 'Alt+Plus', 'F2', 'ArrowUp'].some(isSingle)).toBe(false);
  });
});

describe('what keys do', () => {
  const find = (keys: string, where: 'global' | 'list' = 'global') => shortcuts.find(press(keys), where);

  test('is the standard until it is changed, and each part knows its own', () => {
    expect([find('Ctrl k'), find('F1'), find('Ctrl Shift F6'), find('r'), find('r', 'list'), find('Shift +', 'list')]).toEqual(['palette', 'palette', 'regionPrevious', null, 'reply', 'react']);
  });

  test('is nothing with Ctrl and Alt together, which type on many keyboards', () => {
    shortcuts.set('drawer', 'Mod+Alt+e');
    expect(find('Ctrl Alt e')).toBe(null);
  });

  test('follows a change, and stays on this device', () => {
    shortcuts.set('search', 'Mod+j');
    expect([find('Ctrl j'), find('Ctrl Shift f')]).toEqual(['search', null]);
    shortcuts = open();
    expect([find('Ctrl j'), shortcuts.isChanged('search'), shortcuts.isChanged('palette')]).toEqual(['search', true, false]);
  });

  test('is the standard again after a reset', () => {
    shortcuts.set('search', 'Mod+j');
    shortcuts.set('reply', 'q');
    shortcuts.reset('search');
    expect([find('Ctrl Shift f'), find('q', 'list')]).toEqual(['search', 'reply']);
    shortcuts.resetAll();
    expect(find('r', 'list')).toBe('reply');
    expect(stored.size).toBe(0);
  });

  test('the standard chosen by hand is no change', () => {
    shortcuts.set('search', 'Mod+Shift+f');
    expect(shortcuts.isChanged('search')).toBe(false);
  });

  test('single letters can be switched off, others go on', () => {
    shortcuts.setLetters(false);
    shortcuts.set('edit', 'Mod+e');
    shortcuts = open();
    expect([find('r', 'list'), find('Ctrl e', 'list'), find('Ctrl k')]).toEqual([null, 'edit', 'palette']);
    shortcuts.setLetters(true);
    expect(find('r', 'list')).toBe('reply');
  });

  test.each(['nonsense', '[1]', '{"palette":3,"other":"x"}', 'null'])('what was kept as %s is passed over', (text) => {
    stored.set('shortcuts', text);
    shortcuts = open();
    expect(find('Ctrl k')).toBe('palette');
  });
});

describe('what can be chosen', () => {
  const problem = (id: Parameters<typeof problemOf>[0], combo: string) => problemOf(id, combo, shortcuts.bindings.peek());

  test('anything free', () => {
    expect([problem('search', 'Mod+j'), problem('drawer', 'F8'), problem('reply', 'a'), problem('roomNext', 'Alt+j')]).toEqual([null, null, null, null]);
    expect(problem('search', 'Mod+Shift+f')).toBe(null);
  });

  test('not what does something else, which is named', () => {
    expect(problem('search', 'Mod+k')).toEqual({ why: 'taken', by: 'palette' });
    expect(problem('search', 'F1')).toEqual({ why: 'taken', by: 'palette' });
    expect(problem('edit', 'r')).toEqual({ why: 'taken', by: 'reply' });
    shortcuts.set('palette', 'Mod+j');
    expect(problem('search', 'Mod+k')).toBe(null);
  });

  test('not what the browser needs, what types, or what moves', () => {
    expect(['Mod+w', 'Mod+Shift+t', 'F5', 'Mod+c'].map((combo) => problem('search', combo)?.why)).toEqual(Array(4).fill('browser'));
    expect(problem('search', 'Mod+Alt+e')?.why).toBe('altGr');
    expect(problem('search', 'q')?.why).toBe('bare');
    expect(['Mod+Enter', 'Escape', 'Shift+ArrowUp'].map((combo) => problem('reply', combo)?.why)).toEqual(Array(3).fill('fixed'));
  });
});
