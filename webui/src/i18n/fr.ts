/** All French words; see en.ts. */
import { frFirst } from './fr.first';
import { frPages } from './fr.pages';

export const fr = { ...frFirst, ...frPages };
