/**
 * Words in two languages, each in two parts: what the first screen needs, and what comes with later ones (pages.ts).
 * English is in the first load, French comes when it is wanted; a key that French lacks is a compile error. Dates,
 * numbers and plurals are the browser's own.
 */
import { computed, signal } from '@preact/signals-core';
import { enFirst } from './en.first';

export type Catalog = typeof enFirst;
export type Language = 'en' | 'fr';

const catalogs: Partial<Record<Language, Catalog>> = { en: enFirst };
export const language = signal<Language>('en');
const loaded = signal<Catalog>(enFirst);

/** The catalog: `t.value.room.title`. */
export const t = computed(() => loaded.value);

let wanted: Language = 'en';
const others: ((next: Language) => Promise<unknown>)[] = [];

/** Words that come later and change together with these. Returns how to load them for the language that is wanted now. */
export function alsoLoad(load: (next: Language) => Promise<unknown>): () => Promise<unknown> {
  others.push(load);
  return () => load(wanted);
}

export async function setLanguage(next: Language, languages: readonly string[] = []): Promise<void> {
  wanted = next;
  catalogs[next] ??= (await import('./fr.first')).frFirst;
  if (others.length > 0) await Promise.all(others.map((load) => load(next)));
  // Somebody may have thought again meanwhile.
  if (wanted !== next) return;
  loaded.value = catalogs[next] ?? enFirst;
  language.value = next;
  locale.value = languages.find((tag) => tag.toLowerCase().startsWith(next)) ?? next;
}

/** The first of the reader's languages that there is. */
export function preferred(languages: readonly string[]): Language {
  const known = languages.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag === 'fr' || tag === 'en');
  return known === 'fr' ? 'fr' : 'en';
}

/** The reader's own way to write dates and numbers, of the chosen language: `en-GB`, `fr-CA`. */
const locale = signal('en');
const memo = <T>(make: (locale: string) => T) => computed(() => make(locale.value));
const day = memo((locale) => new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' }));
const dayOfYear = memo((locale) => new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }));
const time = memo((locale) => new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' }));
const full = memo((locale) => new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short' }));
const date = memo((locale) => new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }));
const relative = memo((locale) => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }));
const list = memo((locale) => new Intl.ListFormat(locale, { type: 'conjunction' }));

export const format = {
  /** The calendar day; with its year unless it is this one. */
  day: (at: number, now: number) => (new Date(at).getFullYear() === new Date(now).getFullYear() ? day : dayOfYear).value.format(at),
  time: (at: number) => time.value.format(at),
  full: (at: number) => full.value.format(at),
  date: (at: number) => date.value.format(at),
  list: (names: string[]) => list.value.format(names),
  /** How long ago, or in how long. */
  relative(at: number, now: number) {
    const seconds = Math.round((at - now) / 1000);
    const size = Math.abs(seconds);
    if (size < 60) return relative.value.format(0, 'minute');
    if (size < 3600) return relative.value.format(Math.round(seconds / 60), 'minute');
    if (size < 86_400) return relative.value.format(Math.round(seconds / 3600), 'hour');
    return relative.value.format(Math.round(seconds / 86_400), 'day');
  },
};
