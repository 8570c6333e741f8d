import '@preact/signals';
import { act, cleanup, render, screen } from '@testing-library/preact';
import { afterEach, expect, test } from 'vitest';
import { ServicesProvider } from '../../app/context';
import { createServices } from '../../app/services';
import type { Person } from '../../protocol/generated/Person';
import { settle } from '../../test/fakeClock';
import { fakeBrowser } from '../../test/fakePlatform';
import { user } from '../../test/samples';
import { PeopleTab } from './PeopleTab';

afterEach(cleanup);

test('a guest whose time is over is marked', async () => {
  const browser = fakeBrowser();
  const guest = (id: string, name: string, expiresAt: number): Person =>
    ({ user: user(id, name, { role: 'guest', expiresAt }), joinedAt: 0, sessions: 0, rooms: 1 });
  browser.fetch = () => ({ status: 200, body: [guest('1', 'Gone', browser.clock.now()), guest('2', 'Here', browser.clock.now() + 1)] });
  const services = createServices(browser.open().platform, () => {});
  render(<ServicesProvider value={services}><PeopleTab /></ServicesProvider>);
  await act(settle);
  const role = (name: string) => screen.getByText(name).closest('tr')!.cells[1]!.textContent?.trim();
  expect([role('Gone'), role('Here')]).toEqual(['Guest expired', 'Guest']);
});
