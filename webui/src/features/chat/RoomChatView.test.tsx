/** The messages and the composer of a room, as somebody uses them. */
import { act, cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ServicesProvider } from '../../app/context';
import { createServices, type Services } from '../../app/services';
import type { ServerMessage } from '../../protocol/generated/ServerMessage';
import { settle } from '../../test/fakeClock';
import { fakeBrowser, type FakePage } from '../../test/fakePlatform';
import { account, ALICE, line, page, room, ROOM, welcome } from '../../test/samples';
import { RoomChatView } from './RoomChatView';

let tab: FakePage;
let services: Services;

const say = (message: ServerMessage) => act(async () => {
  tab.sockets.latest().say(message);
  await settle();
});

beforeEach(async () => {
  // happy-dom has no popovers and does no layout.
  const element = HTMLElement.prototype as unknown as Record<string, () => void>;
  element['showPopover'] = () => {};
  element['hidePopover'] = () => {};
  const browser = fakeBrowser();
  browser.fetch = () => ({ status: 200, body: account() });
  tab = browser.open();
  services = createServices(tab.platform, () => {});
  await services.start();
  tab.sockets.latest().open();
  await say({ type: 'welcome', ...welcome() });
  await say({ type: 'caught_up' });
});
afterEach(cleanup);

const show = (of = room()) =>
  render(<ServicesProvider value={services}><RoomChatView room={of} title="general" target={null} onTarget={() => {}} /></ServicesProvider>);
const composer = () => screen.getByRole<HTMLTextAreaElement>('textbox');
const press = (name: string) => act(async () => {
  fireEvent.click(screen.getByRole('button', { name }));
  await settle();
});

/** Somebody sends a message, and the box refuses it for good. */
async function refused(text: string) {
  services.chat.send(ROOM, text);
  await settle();
  const { tag } = services.chat.outbox.pending.peek().at(-1)!.message;
  await say({ type: 'chat_refused', room: ROOM, tag, error: { code: 'room_archived', message: '' } });
}

describe('a message that was refused', () => {
  test('is in the composer when it is edited, and nowhere else', async () => {
    show();
    await refused('dear all');
    await press('Edit');
    expect(composer().value).toBe('dear all');
    expect(services.chat.outbox.pending.peek()).toEqual([]);
    fireEvent.input(composer(), { target: { value: 'dear all, bye' } });
    expect(services.chat.draft(ROOM)).toBe('dear all, bye');
  });

  test('goes below what is half written', async () => {
    show();
    await refused('dear all');
    fireEvent.input(composer(), { target: { value: 'half' } });
    await press('Edit');
    expect(composer().value).toBe('half\n\ndear all');
    expect(services.chat.draft(ROOM)).toBe('half\n\ndear all');
  });

  test('waits while another message is edited, which stays as it is', async () => {
    services.chat.open(ROOM);
    await say({ type: 'history', request: 1, room: ROOM, page: page([line(1, { by: ALICE, text: 'first' })]) });
    show();
    await refused('dear all');
    fireEvent.keyDown(composer(), { key: 'ArrowUp' });
    await act(settle);
    expect(composer().value).toBe('first');
    await press('Edit');
    expect(composer().value).toBe('first');
    await act(async () => { fireEvent.keyDown(composer(), { key: 'Escape' }); await settle(); });
    expect(composer().value).toBe('dear all');
  });

  test('can’t be edited where nothing can be written', async () => {
    show(room({ archived: true }));
    await refused('dear all');
    expect(screen.getByText('dear all')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Edit' })).toBe(null);
  });
});
