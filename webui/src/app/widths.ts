/** How wide the columns are on this device (ui.md 5.2). Within these limits the main column keeps its least width. */
import { signal, type ReadonlySignal } from '@preact/signals-core';
import type { Preferences } from '../platform/types';

/** Pixels. */
export const LIMITS = {
  list: { min: 200, max: 320, standard: 248 },
  side: { min: 240, max: 400, standard: 288 },
} as const;

export type Column = keyof typeof LIMITS;

export interface Widths {
  of: Readonly<Record<Column, ReadonlySignal<number>>>;
  set(column: Column, width: number): void;
}

export function createWidths(preferences: Preferences): Widths {
  const fit = (column: Column, width: number) => Math.round(Math.min(LIMITS[column].max, Math.max(LIMITS[column].min, width)));
  const read = (column: Column) => {
    const saved = Number.parseInt(preferences.read(`width.${column}`) ?? '', 10);
    return signal(Number.isNaN(saved) ? LIMITS[column].standard : fit(column, saved));
  };
  const of = { list: read('list'), side: read('side') };
  return {
    of,
    set(column, width) {
      const next = fit(column, width);
      if (next === of[column].peek()) return;
      of[column].value = next;
      preferences.write(`width.${column}`, next === LIMITS[column].standard ? null : String(next));
    },
  };
}
