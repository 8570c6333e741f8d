/** Short news at the edge: at most three, gone by themselves, with a way back where there is one. */
import { signal } from '@preact/signals-core';
import type { Clock } from '../platform/types';

export interface Toast {
  id: number;
  text: string;
  look: 'normal' | 'error';
  undo?: () => void;
}

const MOST = 3;
const LASTS = 6_000;
const LASTS_WITH_UNDO = 10_000;

export type Toasts = ReturnType<typeof createToasts>;

export function createToasts(clock: Clock) {
  const shown = signal<readonly Toast[]>([]);
  const timers = new Map<number, () => void>();
  let counter = 0;
  let held = false;

  function dismiss(id: number) {
    timers.get(id)?.();
    timers.delete(id);
    shown.value = shown.peek().filter((toast) => toast.id !== id);
    // What is gone can't be left by the pointer: nobody looks at an empty edge.
    if (shown.peek().length === 0) held = false;
  }

  function run(toast: Toast) {
    timers.get(toast.id)?.();
    timers.set(toast.id, clock.after(toast.undo ? LASTS_WITH_UNDO : LASTS, () => dismiss(toast.id)));
  }

  return {
    shown,
    dismiss,
    show(text: string, options: { look?: 'normal' | 'error'; undo?: () => void } = {}) {
      const toast: Toast = { id: (counter += 1), text, look: options.look ?? 'normal', ...(options.undo ? { undo: options.undo } : {}) };
      for (const old of shown.peek().slice(0, Math.max(0, shown.peek().length - MOST + 1))) dismiss(old.id);
      shown.value = [...shown.peek(), toast];
      if (!held) run(toast);
    },
    /** Somebody looks at them: they stay. */
    hold() {
      held = shown.peek().length > 0;
      for (const stop of timers.values()) stop();
    },
    release() {
      held = false;
      for (const toast of shown.peek()) run(toast);
    },
  };
}
