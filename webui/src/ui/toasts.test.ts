import { describe, expect, test, vi } from 'vitest';
import { fakeClock } from '../test/fakeClock';
import { createToasts } from './toasts';

const texts = (toasts: ReturnType<typeof createToasts>) => toasts.shown.value.map((toast) => toast.text);

describe('toasts', () => {
  test('a toast goes by itself after six seconds', async () => {
    const clock = fakeClock();
    const toasts = createToasts(clock);
    toasts.show('Saved');
    await clock.advance(5_999);
    expect(texts(toasts)).toEqual(['Saved']);
    await clock.advance(1);
    expect(texts(toasts)).toEqual([]);
    expect(clock.waiting()).toBe(0);
  });

  test('one that can be undone stays for ten seconds', async () => {
    const clock = fakeClock();
    const toasts = createToasts(clock);
    toasts.show('Deleted', { undo: vi.fn() });
    await clock.advance(9_999);
    expect(texts(toasts)).toEqual(['Deleted']);
    await clock.advance(1);
    expect(texts(toasts)).toEqual([]);
  });

  test('a fourth pushes the first out, with its timer', () => {
    const clock = fakeClock();
    const toasts = createToasts(clock);
    for (const text of ['one', 'two', 'three', 'four']) toasts.show(text);
    expect(texts(toasts)).toEqual(['two', 'three', 'four']);
    expect(clock.waiting()).toBe(3);
  });

  test('while somebody looks, nothing goes; afterwards the time starts again', async () => {
    const clock = fakeClock();
    const toasts = createToasts(clock);
    toasts.show('Saved');
    await clock.advance(5_000);
    toasts.hold();
    await clock.advance(60_000);
    expect(texts(toasts)).toEqual(['Saved']);
    toasts.release();
    await clock.advance(5_999);
    expect(texts(toasts)).toEqual(['Saved']);
    await clock.advance(1);
    expect(texts(toasts)).toEqual([]);
  });

  test('the pointer and the focus may both let go before one of them holds again', async () => {
    const clock = fakeClock();
    const toasts = createToasts(clock);
    toasts.show('Saved');
    toasts.hold();
    toasts.release();
    toasts.release();
    toasts.hold();
    await clock.advance(60_000);
    expect(texts(toasts)).toEqual(['Saved']);
    expect(clock.waiting()).toBe(0);
  });

  test('one that comes while somebody looks stays as well', async () => {
    const clock = fakeClock();
    const toasts = createToasts(clock);
    toasts.show('Saved');
    toasts.hold();
    toasts.show('Copied');
    await clock.advance(60_000);
    expect(texts(toasts)).toEqual(['Saved', 'Copied']);
    toasts.release();
    await clock.advance(6_000);
    expect(texts(toasts)).toEqual([]);
  });

  test('holding ends with the last toast, so that the next one goes by itself', async () => {
    const clock = fakeClock();
    const toasts = createToasts(clock);
    toasts.show('Saved');
    toasts.hold();
    toasts.dismiss(toasts.shown.value[0]!.id);
    toasts.show('Copied');
    await clock.advance(6_000);
    expect(texts(toasts)).toEqual([]);
  });
});
