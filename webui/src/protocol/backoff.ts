/** How long to wait before the next try: full jitter between nothing and a doubling limit. */
const FIRST = 500;
const LONGEST = 30_000;

/** Milliseconds before try number `attempt` (from 0), with `random` in [0, 1). */
export function backoff(attempt: number, random: number): number {
  return Math.round(random * Math.min(LONGEST, FIRST * 2 ** attempt));
}
