/** Parts of the screen that come when they are asked for, together with their words. */
import { lazy } from 'preact-iso';

type Part<T> = T | { default: T };

export function later<T>(load: () => Promise<Part<T>>) {
  return lazy(async () => {
    const [part] = await Promise.all([load(), import('../i18n/pages').then((pages) => pages.ready())]);
    return part;
  });
}
