import '@preact/signals';
import { act, cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { LocationProvider, Route, Router } from 'preact-iso';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Room } from '../protocol/generated/Room';
import type { User } from '../protocol/generated/User';
import { settle } from '../test/fakeClock';
import { fakeBrowser } from '../test/fakePlatform';
import { account, ALICE, BRUNO, CHLOE, room, ROOM, user, USERS, welcome } from '../test/samples';
import { ServicesProvider } from './context';
import { RoomScreen } from './RoomScreen';
import { createServices } from './services';

const DORA = '0000000000004';
const EMIL = '0000000000005';

let asked: string[];

beforeEach(() => {
  const element = HTMLElement.prototype as unknown as Record<string, () => void>;
  element['showPopover'] = () => {};
  element['hidePopover'] = () => {};
  HTMLDialogElement.prototype.showModal = function show(this: HTMLDialogElement) { this.open = true; };
  HTMLElement.prototype.checkVisibility = () => true;
  asked = [];
});
afterEach(cleanup);

async function show(me: string, one: Partial<Room>, role: User['role'] = 'member') {
  const browser = fakeBrowser();
  const mine = { ...account(ALICE), user: { ...USERS.find((each) => each.id === me)!, role } };
  browser.fetch = (method, path) => {
    asked.push(`${method} ${path}`);
    return method === 'GET' ? { status: 200, body: mine } : { status: 204, body: null };
  };
  const tab = browser.open();
  const services = createServices(tab.platform, () => {});
  await services.start();
  tab.sockets.latest().open();
  const users = [...USERS, user(DORA, 'Dora'), user(EMIL, 'Emil')];
  tab.sockets.latest().say({ type: 'welcome', ...welcome({ account: mine, users, rooms: [room(one)] }) });
  history.replaceState(null, '', `/r/${ROOM}`);
  render(<LocationProvider><ServicesProvider value={services}><Router><Route path="/r/:room" component={RoomScreen} /><Route default component={RoomScreen} /></Router></ServicesProvider></LocationProvider>);
  await act(settle);
}
const press = async (name: string, role = 'button') => {
  const button = await screen.findByRole(role, { name, hidden: true });
  await act(async () => {
    fireEvent.click(button);
    await settle();
  });
};
const full = [BRUNO, CHLOE, DORA, EMIL].map((one) => ({ user: one, access: 'write' as const, read: 0 }));

describe('a full room', () => {
  test('lets an owner outside see who is in it, and make a place', async () => {
    await show(ALICE, { members: full }, 'owner');
    expect(screen.queryByRole('button', { name: 'Join' })).toBe(null);
    await press('People in the room');
    expect(await screen.findByText('Emil')).toBeTruthy();
    fireEvent.click(screen.getAllByRole('menuitem', { name: 'Remove from the room', hidden: true })[3]!);
    await act(settle);
    expect(asked.at(-1)).toBe(`DELETE /rooms/${ROOM}/members/${EMIL}`);
  });

  test('is closed to others', async () => {
    await show(ALICE, { members: full });
    expect(screen.queryByRole('button', { name: 'People in the room' })).toBe(null);
  });
});

describe('the panel beside a room', () => {
  const focused = () => document.activeElement?.id;
  const open = async () => {
    const button = await screen.findByRole('button', { name: 'People in the room' });
    button.focus();
    await press('People in the room');
    return button;
  };

  test('leaves the focus where it is while the room is beside it', async () => {
    await show(ALICE, {});
    expect(await open()).toBe(document.activeElement);
  });

  test('has the focus where it covers the room, and gives it back', async () => {
    HTMLElement.prototype.checkVisibility = () => false;
    await show(ALICE, {});
    const button = await open();
    expect(focused()).toBe('side');
    screen.getByRole('button', { name: 'Close' }).focus();
    await press('Close');
    expect(document.activeElement).toBe(button);
  });
});

describe('leaving', () => {
  test.each<[string, Partial<Room>, User['role'], boolean]>([
    ['an open room as a member', { visibility: 'open' }, 'member', false],
    ['any room as an owner', { visibility: 'invited' }, 'owner', false],
    ['an invited-only room as a member', { visibility: 'invited' }, 'member', true],
    ['any room as a guest', { visibility: 'open' }, 'guest', true],
  ])('%s', async (_, one, role, isAsked) => {
    await show(ALICE, one, role);
    await press('Leave the room', 'menuitem');
    const isDone = () => asked.includes(`POST /rooms/${ROOM}/leave`);
    expect(isDone()).toBe(!isAsked);
    if (!isAsked) return;
    await screen.findByRole('heading', { name: 'Leave general?' });
    await press('Leave the room');
    expect(isDone()).toBe(true);
  });
});
