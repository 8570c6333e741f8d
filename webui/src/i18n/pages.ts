/** The words of what is loaded later, in a load of their own: settings, admin, the first run, dialogs. */
import { computed, signal } from '@preact/signals-core';
import { enPages } from './en.pages';
import { alsoLoad, language } from './index';

export type Pages = typeof enPages;

const french = signal<Pages | null>(null);

/** The catalog, as `t` is the one of the first screen: `p.value.settings.title`. */
export const p = computed(() => (language.value === 'fr' ? french.value : null) ?? enPages);

const load = alsoLoad(async (next) => {
  if (next === 'fr') french.value ??= (await import('./fr.pages')).frPages;
});

/** Until they are there in the reader's language; without the box, English has to do. */
export function ready(): Promise<unknown> {
  return load().catch(() => undefined);
}
