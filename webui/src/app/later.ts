/** Parts of the screen that come when they are asked for, together with their words. */
import { lazy } from 'preact-iso';

type Part<T> = T | { default: T };

const parts: (() => Promise<unknown>)[] = [];

export function later<T>(load: () => Promise<Part<T>>) {
  parts.push(load);
  return lazy(async () => {
    const [part] = await Promise.all([load(), words()]);
    return part;
  });
}

const words = () => import('../i18n/pages').then((pages) => pages.ready());

/** Fetches what nobody has asked for yet, so that it is there when the box is not. */
export async function loadParts(): Promise<void> {
  for (const load of [words, ...parts]) await load().catch(() => undefined);
}
