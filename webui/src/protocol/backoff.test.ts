import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoff } from './backoff';

test('the longest wait doubles from half a second to thirty', () => {
  const longest = Array.from({ length: 9 }, (_, attempt) => backoff(attempt, 1));
  expect(longest).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
});

test('any wait below the longest can come up, however many tries failed', () => {
  fc.assert(
    fc.property(fc.nat(10_000), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (attempt, random) => {
      const wait = backoff(attempt, random);
      expect(wait).toBeGreaterThanOrEqual(0);
      expect(wait).toBeLessThanOrEqual(30_000);
    }),
  );
  expect(backoff(20, 0)).toBe(0);
  expect(backoff(20, 0.5)).toBe(15_000);
});
