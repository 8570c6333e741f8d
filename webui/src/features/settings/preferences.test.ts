import { beforeEach, expect, test } from 'vitest';
import { language, t } from '../../i18n';
import { settle } from '../../test/fakeClock';
import { createPreferences } from './preferences';

let stored: Map<string, string>;
let root: Record<string, string | null>;

beforeEach(() => {
  stored = new Map();
  root = {};
});

const open = (languages: string[] = ['en-GB']) =>
  createPreferences({
    preferences: {
      read: (key) => stored.get(key) ?? null,
      write: (key, value) => void (value === null ? stored.delete(key) : stored.set(key, value)),
    },
    languages,
    setRoot: (attributes) => Object.assign(root, attributes),
  });

test('without a choice, the system decides', () => {
  const { values } = open();
  expect([values.theme.value, values.enter.value, values.announce.value]).toEqual(['system', 'send', 'all']);
  expect(root).toMatchObject({ 'data-theme': null, lang: 'en' });
});

test('a choice shows at once and is kept', () => {
  open().set('theme', 'dark');
  expect(root['data-theme']).toBe('dark');
  expect(open().values.theme.value).toBe('dark');
});

test('what was kept and is no longer a choice is passed over', () => {
  stored.set('theme', 'sepia');
  stored.set('language', 'xx');
  expect(open().values.theme.value).toBe('system');
  expect(root['lang']).toBe('en');
});

test('the language is that of the browser until one is chosen', async () => {
  const preferences = open(['de', 'fr-CA', 'en']);
  await import('../../i18n/fr.first');
  await settle();
  expect([preferences.language.value, root['lang']]).toEqual(['fr', 'fr']);
  preferences.setLanguage('en');
  expect(open(['fr']).language.value).toBe('en');
  await settle();
  expect(language.value).toBe('en');
  expect(t.value.app.signOut).toBe('Sign out');
});
