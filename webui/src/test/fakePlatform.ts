/** A browser for a test: what it stores outlives a page, the rest does not. */
import type { Platform, RestAnswer } from '../platform/types';
import { fakeClock, type FakeClock } from './fakeClock';
import { fakeSockets, type FakeSockets } from './fakeSocket';
import { fakeTable, type FakeTable } from './fakeTable';

export interface FakeBrowser {
  clock: FakeClock;
  table: FakeTable;
  /** What the box answers to a request. */
  fetch: (method: string, path: string, body?: unknown) => RestAnswer | Promise<RestAnswer>;
  open(): FakePage;
}

export interface FakePage {
  platform: Platform;
  sockets: FakeSockets;
  wake(): void;
  titles: [title: string, badge: number][];
  reloads(): number;
}

export function fakeBrowser(): FakeBrowser {
  const clock = fakeClock();
  const table = fakeTable();
  const stored = new Map<string, string>();
  const tabs: { page: FakePage; hear(message: unknown): void }[] = [];
  let uuids = 0;
  const browser: FakeBrowser = {
    clock,
    table,
    fetch: () => Promise.reject(new TypeError('Failed to fetch')),
    open() {
      const sockets = fakeSockets();
      const wakes: (() => void)[] = [];
      let reloads = 0;
      const page: FakePage = {
        sockets,
        titles: [],
        wake: () => wakes.forEach((run) => run()),
        reloads: () => reloads,
        platform: {
          clock,
          openSocket: sockets.openSocket,
          fetch: async (method, path, body) => browser.fetch(method, path, body),
          preferences: {
            read: (key) => stored.get(key) ?? null,
            write: (key, value) => void (value === null ? stored.delete(key) : stored.set(key, value)),
          },
          table,
          channel: {
            post: (message) => tabs.forEach((tab) => tab.page !== page && tab.hear(message)),
            listen: (hear) => void tabs.push({ page, hear }),
          },
          uuid: () => `tag-${(uuids += 1)}`,
          random: () => 0.5,
          onWake: (run) => void wakes.push(run),
          isAttended: () => true,
          onAttention: () => () => {},
          onUse: () => {},
          setTitle: (title, badge) => void page.titles.push([title, badge]),
          reload: () => {
            reloads += 1;
          },
          languages: () => ['en'],
        },
      };
      return page;
    },
  };
  return browser;
}
