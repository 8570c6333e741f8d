import '@preact/signals';
import { act, render, screen } from '@testing-library/preact';
import { expect, test } from 'vitest';
import { ServicesProvider } from '../../app/context';
import { createServices } from '../../app/services';
import { settle } from '../../test/fakeClock';
import { fakeBrowser } from '../../test/fakePlatform';
import { account, room, welcome } from '../../test/samples';
import { InviteForm } from './InviteForm';

test('no link is made before the rooms are known, because it would lead into none', async () => {
  const browser = fakeBrowser();
  browser.fetch = () => ({ status: 200, body: account() });
  const tab = browser.open();
  const services = createServices(tab.platform, () => {});
  await services.start();
  render(<ServicesProvider value={services}><InviteForm onMade={() => {}} /></ServicesProvider>);
  const make = screen.getByRole<HTMLButtonElement>('button', { name: 'Make a link' });
  expect(make.disabled).toBe(true);
  await act(async () => {
    tab.sockets.latest().open();
    tab.sockets.latest().say({ type: 'welcome', ...welcome({ rooms: [room()] }) });
    tab.sockets.latest().say({ type: 'caught_up' });
    await settle();
  });
  expect(make.disabled).toBe(false);
  expect(screen.getByRole<HTMLInputElement>('checkbox', { name: /general/ }).checked).toBe(true);
});
