import { signal } from '@preact/signals-core';
import { expect, test } from 'vitest';
import type { LinkState } from '../protocol/connection';
import { fakeClock } from '../test/fakeClock';
import { createActivity } from './activity';

const MINUTES = 60_000;

function open() {
  const clock = fakeClock();
  const state = signal<LinkState>({ link: 'online', since: 0, wasOnline: true });
  const told: boolean[] = [];
  let use = () => {};
  createActivity({
    platform: { clock, onUse: (run) => { use = run; } },
    connection: {
      state,
      send(message) {
        if (state.peek().link !== 'online') return false;
        if (message.type === 'presence_activity') told.push(message.active);
        return true;
      },
    },
  });
  const become = (link: LinkState['link']) => {
    state.value = { ...state.peek(), link };
  };
  return { clock, told, use: () => use(), become };
}

test('a page that nobody uses for five minutes is idle, and active with the next move', async () => {
  const { clock, told, use } = open();
  await clock.advance(4 * MINUTES);
  use();
  await clock.advance(5 * MINUTES - 1);
  expect(told).toEqual([]);
  await clock.advance(1);
  expect(told).toEqual([false]);
  use();
  use();
  expect(told).toEqual([false, true]);
});

test('a new connection of an idle page is told so', async () => {
  const { clock, told, become } = open();
  become('connecting');
  await clock.advance(6 * MINUTES);
  expect(told).toEqual([]);
  become('online');
  expect(told).toEqual([false]);
  become('connecting');
  become('online');
  expect(told).toEqual([false, false]);
});
