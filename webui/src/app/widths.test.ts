import { expect, test } from 'vitest';
import { createWidths, LIMITS } from './widths';

const open = (stored: Map<string, string>) =>
  createWidths({
    read: (key) => stored.get(key) ?? null,
    write: (key, value) => void (value === null ? stored.delete(key) : stored.set(key, value)),
  });

test('widths are kept on this device, within their limits', () => {
  const stored = new Map<string, string>();
  const widths = open(stored);
  expect([widths.of.list.peek(), widths.of.side.peek()]).toEqual([248, 288]);
  widths.set('list', 300.4);
  widths.set('side', 9_999);
  expect([open(stored).of.list.peek(), open(stored).of.side.peek()]).toEqual([300, 400]);
  widths.set('list', 0);
  expect(widths.of.list.peek()).toBe(200);
  widths.set('list', LIMITS.list.standard);
  widths.set('side', LIMITS.side.standard);
  expect(stored.size).toBe(0);
});

test.each([['nonsense', 248], ['', 248], ['5', 200], ['1e9', 200], ['100000', 320]])('what was kept as %j is %i', (text, expected) => {
  expect(open(new Map([['width.list', text]])).of.list.peek()).toBe(expected);
});

test('with the widest columns, the main one keeps 380 pixels where they stand side by side', () => {
  const RAIL = 88;
  expect(1_280 - RAIL - LIMITS.list.max - LIMITS.side.max).toBeGreaterThanOrEqual(380);
  expect(1_000 - RAIL - LIMITS.list.max).toBeGreaterThanOrEqual(380);
});
