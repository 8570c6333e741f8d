import { expect, test } from 'vitest';
import { createResource } from './resource';

test('a list is there once it was loaded, and stays when a reload fails', async () => {
  const answers: (() => Promise<number[]>)[] = [async () => [1], async () => Promise.reject(new Error('no')), async () => [2]];
  const list = createResource(() => answers.shift()!());
  expect(list.value.peek()).toBe(null);
  await list.load();
  expect(list.value.peek()).toEqual([1]);
  await list.load();
  expect([list.value.peek(), list.failed.peek()]).toEqual([[1], true]);
  await list.load();
  expect([list.value.peek(), list.failed.peek()]).toEqual([[2], false]);
});

test('of two loads the later counts, whichever answer comes last', async () => {
  const answers: ((value: string) => void)[] = [];
  const list = createResource(() => new Promise<string>((resolve) => answers.push(resolve)));
  const loads = [list.load(), list.load()];
  answers[1]!('new');
  answers[0]!('old');
  await Promise.all(loads);
  expect(list.value.peek()).toBe('new');
});
