import { afterEach, describe, expect, test } from 'vitest';
import { en } from './en';
import { fr } from './fr';
import { frFirst } from './fr.first';
import { format, preferred, setLanguage, t } from './index';
import { p, ready } from './pages';

afterEach(() => setLanguage('en'));

type Words = { [key: string]: Words | string | ((...args: never[]) => string) };

function leaves(words: Words, path = ''): [string, string | ((...args: never[]) => string)][] {
  return Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'object' ? leaves(value, `${path}${key}.`) : [[`${path}${key}`, value] as [string, typeof value]],
  );
}

test('both languages say everything, with the same number of blanks', () => {
  const english = leaves(en as unknown as Words);
  const french = new Map(leaves(fr as unknown as Words));
  expect([...french.keys()]).toEqual(english.map(([key]) => key));
  for (const [key, words] of english) {
    const other = french.get(key);
    expect(typeof other, key).toBe(typeof words);
    if (typeof words === 'string') expect(other, key).not.toBe('');
    if (typeof words === 'function' && typeof other === 'function') expect(other.length, key).toBe(words.length);
  }
});

test.each<[string[], string]>([
  [['fr-CA', 'en'], 'fr'], [['de', 'fr'], 'fr'], [['en-GB', 'fr'], 'en'], [['de', 'ja'], 'en'], [[], 'en'], [['FR'], 'fr'],
])('a reader of %j gets %s', (languages, expected) => {
  expect(preferred(languages)).toBe(expected);
});

test('the catalog and the formats change together', async () => {
  expect(format.list(['a', 'b', 'c'])).toBe('a, b, and c');
  await setLanguage('fr');
  expect(t.value).toBe(frFirst);
  expect(format.list(['a', 'b', 'c'])).toBe('a, b et c');
});

test('words that come later are in the same language, whatever came first', async () => {
  const switched = setLanguage('fr');
  await ready();
  expect(p.value.fields.password === fr.fields.password).toBe(t.value.ui.close === fr.ui.close);
  await switched;
  expect([t.value.ui.close, p.value.fields.password]).toEqual([fr.ui.close, fr.fields.password]);
  await setLanguage('en');
  expect([t.value.ui.close, p.value.fields.password]).toEqual([en.ui.close, en.fields.password]);
});

test('a recovery code that is refused says what somebody who is no owner does', () => {
  expect(en.errors.recovery_code_wrong).toContain('others ask an owner for a link');
  expect(fr.errors.recovery_code_wrong).toContain('les autres demandent un lien à un propriétaire');
});

test('the last of two choices counts', async () => {
  await Promise.all([setLanguage('fr'), setLanguage('en')]);
  expect(t.value.ui.close).toBe(en.ui.close);
});

test.each<[string, RegExp, RegExp]>([
  ['en-GB', /^Tuesday,? 24 November$/, /^Monday,? 24 November 2025$/], ['fr-FR', /^mardi 24 novembre$/, /^lundi 24 novembre 2025$/],
])('a day of another year says which one (%s)', async (locale, ofThisYear, ofAnother) => {
  await setLanguage(locale.startsWith('fr') ? 'fr' : 'en', [locale]);
  const now = new Date(2026, 11, 31, 23, 59).getTime();
  expect(format.day(new Date(2026, 10, 24, 12).getTime(), now)).toMatch(ofThisYear);
  expect(format.day(new Date(2025, 10, 24, 12).getTime(), now)).toMatch(ofAnother);
});

describe('how long ago', () => {
  const now = Date.UTC(2026, 10, 24, 12);

  test.each<[number, string]>([
    [0, 'this minute'], [59, 'this minute'], [60, '1 minute ago'], [3_599, '60 minutes ago'], [3_600, '1 hour ago'], [86_400, 'yesterday'],
    [3 * 86_400, '3 days ago'], [-3_600, 'in 1 hour'],
  ])('%i seconds', (seconds, words) => {
    expect(format.relative(now - seconds * 1_000, now)).toBe(words);
  });
});

test.each<[number, string, string]>([
  [3, '3 tries left before a pause.', 'Encore 3 essais avant une pause.'], [1, '1 try left before a pause.', 'Encore 1 essai avant une pause.'],
  [0, 'After another wrong one you have to wait.', 'Après un autre essai manqué, il faudra attendre.'],
])('%i tries are counted in both languages', (left, english, french) => {
  expect([en.welcome.triesLeft(left), fr.welcome.triesLeft(left)]).toEqual([english, french]);
});
