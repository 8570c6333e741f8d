import '@preact/signals';
import { act, cleanup, render } from '@testing-library/preact';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ServicesProvider } from '../../app/context';
import { createServices, type Services } from '../../app/services';
import type { SearchPage } from '../../protocol/generated/SearchPage';
import { fakeBrowser, type FakeBrowser, type FakePage } from '../../test/fakePlatform';
import { account, message, room, ROOM, welcome } from '../../test/samples';
import { polite } from '../../ui/announce';
import { SearchPanel } from './SearchPanel';

let browser: FakeBrowser;
let tab: FakePage;
let services: Services;

beforeEach(async () => {
  browser = fakeBrowser();
  browser.fetch = () => ({ status: 200, body: account() });
  tab = browser.open();
  services = createServices(tab.platform, () => {});
  await services.start();
  tab.sockets.latest().open();
  tab.sockets.latest().say({ type: 'welcome', ...welcome() });
  polite.value = '';
  render(<ServicesProvider value={services}><SearchPanel room={room()} nameOf={(one) => one.name} /></ServicesProvider>);
});
afterEach(cleanup);

const search = (query: string) => act(async () => {
  services.search.setQuery(query);
  await browser.clock.advance(1_000);
});
const answer = (page: SearchPage) => act(async () => {
  const { request } = tab.sockets.latest().sent.filter((one) => one.type === 'search').at(-1)!;
  tab.sockets.latest().say({ type: 'search', request, page });
  await browser.clock.advance(1);
});
const hits = (...seqs: number[]) => seqs.map((seq) => ({ room: ROOM, message: message(seq) }));

test('a search says how much it found, once it is there', async () => {
  await search('tea');
  expect(polite.value).toBe('');
  await answer({ hits: hits(3, 2), next: 'x' });
  expect(polite.value).toBe('2 results, and there are more');
  await act(async () => { void services.search.loadMore(); await browser.clock.advance(1); });
  await answer({ hits: hits(1) });
  expect(polite.value).toBe('3 results');
});

test('a search that finds nothing says so', async () => {
  await search('tea');
  await answer({ hits: [] });
  expect(polite.value).toBe('Nothing found. Try fewer words.');
  await search('te');
  await answer({ hits: hits(1) });
  expect(polite.value).toBe('1 result');
});
