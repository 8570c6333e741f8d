import { beforeEach, describe, expect, test } from 'vitest';
import { fakeTable, type FakeTable } from '../../test/fakeTable';
import { createKeeper, type Keeper } from './keeper';

const ALICE = { id: 'a', userName: 'alice' };
const BRUNO = { id: 'b', userName: 'bruno' };

let table: FakeTable;
let posted: unknown[];
let hear: (message: unknown) => void;
let keeper: Keeper;

function open(): Keeper {
  return createKeeper(table, { post: (message) => void posted.push(message), listen: (run) => { hear = run; } });
}

beforeEach(() => {
  table = fakeTable();
  posted = [];
  keeper = open();
});

describe('what only this browser has', () => {
  test('is under the name of who wrote it, and nobody else finds it', async () => {
    keeper.set(ALICE);
    await keeper.own.put('draft/r', 'half');
    keeper.set(BRUNO);
    expect(await keeper.own.get('draft/r')).toBe(undefined);
    expect(await keeper.own.entries('draft/')).toEqual([]);
    await keeper.own.put('draft/r', 'mine');
    keeper.set(ALICE);
    expect(await keeper.own.entries('draft/')).toEqual([['draft/r', 'half']]);
    await keeper.own.clear();
    keeper.set(BRUNO);
    expect(await keeper.own.get('draft/r')).toBe('mine');
  });

  test('outlives the session, with its owner; what the box has does not', async () => {
    keeper.set(ALICE);
    await keeper.own.put('draft/r', 'half');
    await table.put('snapshot', {});
    await keeper.ended();
    expect(table.keys()).toEqual(['last', 'own/a/draft/r']);
    keeper = open();
    await keeper.load();
    expect(keeper.last.peek()).toEqual(ALICE);
    expect(await keeper.own.get('draft/r')).toBe('half');
  });

  test('goes when its owner leaves, and only that', async () => {
    keeper.set(ALICE);
    await keeper.own.put('draft/r', 'half');
    keeper.set(BRUNO);
    await keeper.own.put('draft/r', 'mine');
    await keeper.left();
    expect(table.keys()).toEqual(['own/a/draft/r']);
    expect(keeper.last.peek()).toBe(null);
    await keeper.clear();
    expect(table.keys()).toEqual([]);
  });
});

test('tabs hear only of the same person', () => {
  const heard: unknown[] = [];
  keeper.channel.listen((message) => heard.push(message));
  keeper.channel.post('from nobody');
  expect(posted).toEqual([]);
  keeper.set(ALICE);
  keeper.channel.post('one');
  hear(posted[0]);
  keeper.set(BRUNO);
  hear(posted[0]);
  hear('signed out');
  expect(heard).toEqual(['one']);
});
