/** The messages and the composer of a room, as somebody uses them. */
import { act, cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { LocationProvider } from 'preact-iso';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ServicesProvider } from '../../app/context';
import { createServices, type Services } from '../../app/services';
import type { ServerMessage } from '../../protocol/generated/ServerMessage';
import { settle } from '../../test/fakeClock';
import { fakeBrowser, type FakePage } from '../../test/fakePlatform';
import { account, ALICE, line, page, room, ROOM, welcome } from '../../test/samples';
import { RoomList } from '../room/RoomList';
import { RoomChatView } from './RoomChatView';
import { Unsent } from './Unsent';

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
const press = async (name: string) => {
  const button = await screen.findByRole('button', { name });
  await act(async () => {
    fireEvent.click(button);
    await settle();
  });
};

/** Somebody does something, and the box refuses it for good. */
async function refused(done: string | (() => void)) {
  if (typeof done === 'string') services.chat.send(ROOM, done);
  else done();
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
    expect(await screen.findByText('dear all')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Edit' })).toBe(null);
  });
});

describe('something else that was refused', () => {
  test.each<[string, () => void, string, boolean]>([
    ['a change', () => services.chat.edit(ROOM, 1, 'better'), 'A message of yours was not changed to:', true],
    ['a deletion', () => services.chat.remove(ROOM, 1), 'A message was not deleted.', false],
    ['a reaction', () => services.chat.react(ROOM, 1, '👍', true), 'The reaction 👍 was not added.', false],
    ['a reaction taken back', () => services.chat.react(ROOM, 1, '👍', false), 'The reaction 👍 was not taken back.', false],
    ['a pin', () => services.chat.pin(ROOM, 1, true), 'A message was not pinned.', false],
    ['a pin taken off', () => services.chat.pin(ROOM, 1, false), 'A message was not unpinned.', false],
  ])('%s is shown with the reason until it is discarded', async (_, run, words, hasText) => {
    show();
    await refused(run);
    expect(await screen.findByText(words)).toBeTruthy();
    expect(screen.getByText('The room is archived.')).toBeTruthy();
    expect(screen.queryByText('better') !== null).toBe(hasText);
    expect(screen.queryByRole('button', { name: 'Copy' }) !== null).toBe(hasText);
    await press('Discard');
    expect(screen.queryByText(words)).toBe(null);
    expect(services.chat.outbox.pending.peek()).toEqual([]);
  });
});

describe('the focus after a message was deleted', () => {
  const remove = async (seq: number) => {
    const row = document.getElementById(`m${seq}`)!;
    row.focus();
    const item = [...row.querySelectorAll<HTMLElement>('[role="menuitem"]')].find((one) => one.textContent === 'Delete')!;
    await act(async () => {
      item.focus();
      fireEvent.click(item);
      await settle();
    });
    await act(settle);
  };
  const focused = () => document.activeElement?.id || document.activeElement?.className;

  test('is on the next one, else on the one before, else on the list', async () => {
    services.chat.open(ROOM);
    await say({ type: 'history', request: 1, room: ROOM, page: page([1, 2, 3].map((seq) => line(seq, { by: ALICE }))) });
    show();
    await remove(2);
    expect(focused()).toBe('m3');
    await remove(3);
    expect(focused()).toBe('m1');
    await remove(1);
    expect(focused()).toBe('message-list');
  });
});

test('what is left over of rooms that are gone is listed and can be let go', async () => {
  await refused('into a room that stays');
  services.chat.send('00000000000r9', 'into a room that is gone');
  await settle();
  const { tag } = services.chat.outbox.pending.peek().at(-1)!.message;
  await say({ type: 'chat_refused', room: '00000000000r9', tag, error: { code: 'not_found', message: '' } });
  render(<LocationProvider><ServicesProvider value={services}><Unsent /></ServicesProvider></LocationProvider>);
  expect(screen.getAllByRole('heading', { level: 2 }).map((one) => one.textContent)).toEqual(['general', 'A room that is gone']);
  expect(screen.getByText('into a room that is gone')).toBeTruthy();
  fireEvent.click(screen.getAllByRole('button', { name: 'Discard' })[1]!);
  await act(settle);
  expect(screen.queryByText('into a room that is gone')).toBe(null);
  expect(screen.getByText('into a room that stays')).toBeTruthy();
});

test('the list of rooms leads to what was not sent, as long as there is some', async () => {
  render(<LocationProvider><ServicesProvider value={services}><RoomList /></ServicesProvider></LocationProvider>);
  expect(screen.queryByText('Not sent: 1')).toBe(null);
  await refused('dear all');
  expect(screen.getByText('Not sent: 1').closest('a')?.getAttribute('href')).toBe('/unsent');
});
