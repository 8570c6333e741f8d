/** A list that the box has: loading, there, or failed with a way to try again. */
import { signal, type ReadonlySignal } from '@preact/signals-core';

export interface Resource<T> {
  value: ReadonlySignal<T | null>;
  failed: ReadonlySignal<boolean>;
  load(): Promise<void>;
}

export function createResource<T>(fetch: () => Promise<T>): Resource<T> {
  const value = signal<T | null>(null);
  const failed = signal(false);
  return {
    value,
    failed,
    async load() {
      failed.value = false;
      try {
        value.value = await fetch();
      } catch {
        failed.value = true;
      }
    },
  };
}
