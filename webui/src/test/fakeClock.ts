/** A clock that stands still until a test moves it. */
import type { Clock } from '../platform/types';

export interface FakeClock extends Clock {
  /** Runs everything that is due within this time, in order, and settles promises in between. */
  advance(milliseconds: number): Promise<void>;
  /** Timers that wait. */
  waiting(): number;
}

/** Lets everything that was resolved so far run. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

export function fakeClock(start = 1_000_000): FakeClock {
  let now = start;
  let order = 0;
  const timers = new Map<number, { at: number; run(): void }>();

  function due(until: number): [number, { at: number; run(): void }] | undefined {
    const ready = [...timers].filter(([, timer]) => timer.at <= until);
    return ready.sort(([a, first], [b, second]) => first.at - second.at || a - b)[0];
  }

  return {
    now: () => now,
    after(milliseconds, run) {
      const id = (order += 1);
      timers.set(id, { at: now + milliseconds, run });
      return () => timers.delete(id);
    },
    async advance(milliseconds) {
      const until = now + milliseconds;
      await settle();
      for (let next = due(until); next; next = due(until)) {
        const [id, timer] = next;
        timers.delete(id);
        now = Math.max(now, timer.at);
        timer.run();
        await settle();
      }
      now = until;
      await settle();
    },
    waiting: () => timers.size,
  };
}
