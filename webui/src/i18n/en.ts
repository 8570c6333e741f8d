/** All English words. The app takes the two parts by themselves; this is for who looks at the whole: tests. */
import { enFirst } from './en.first';
import { enPages } from './en.pages';

export const en = { ...enFirst, ...enPages };
