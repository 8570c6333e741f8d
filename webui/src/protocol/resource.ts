/**
 * A list that the box has: loading, there, or failed with a way to try again. A failed reload keeps what was there; of
 * answers that overtake each other the one that was asked for last counts.
 */
import { signal, type ReadonlySignal } from '@preact/signals-core';

export interface Resource<T> {
  value: ReadonlySignal<T | null>;
  failed: ReadonlySignal<boolean>;
  load(): Promise<void>;
}

export function createResource<T>(fetch: () => Promise<T>): Resource<T> {
  const value = signal<T | null>(null);
  const failed = signal(false);
  let asked = 0;
  return {
    value,
    failed,
    async load() {
      const mine = (asked += 1);
      failed.value = false;
      try {
        const found = await fetch();
        if (mine === asked) value.value = found;
      } catch {
        if (mine === asked) failed.value = true;
      }
    },
  };
}
