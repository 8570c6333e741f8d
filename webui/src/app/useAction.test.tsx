import { act, cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { LocationProvider } from 'preact-iso';
import type { ComponentChildren } from 'preact';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LeaveRoomDialog } from '../features/room/LeaveRoomDialog';
import { PeopleStep } from '../features/onboarding/PeopleStep';
import { TrustStep } from '../features/onboarding/TrustStep';
import { RoomList } from '../features/room/RoomList';
import { Cancelled } from '../features/session/sessionStore';
import { Refused } from '../protocol/rest';
import { settle } from '../test/fakeClock';
import { fakeBrowser, type FakeBrowser } from '../test/fakePlatform';
import { refusal } from '../test/fakeRest';
import { account, welcome } from '../test/samples';
import { ServicesProvider } from './context';
import { createServices, type Services } from './services';
import { useAction } from './useAction';
import { wordsOf } from './wordsOf';

let browser: FakeBrowser;
let services: Services;

beforeEach(async () => {
  HTMLDialogElement.prototype.showModal = function show(this: HTMLDialogElement) { this.open = true; };
  browser = fakeBrowser();
  browser.fetch = () => ({ status: 200, body: account() });
  const tab = browser.open();
  services = createServices(tab.platform, () => {});
  await services.start();
  tab.sockets.latest().open();
  tab.sockets.latest().say({ type: 'welcome', ...welcome({ rooms: [] }) });
  browser.fetch = () => refusal(403, 'forbidden');
});
afterEach(cleanup);

const show = (view: ComponentChildren) => render(<LocationProvider><ServicesProvider value={services}>{view}</ServicesProvider></LocationProvider>);
const press = (name: string) => act(async () => {
  fireEvent.click(screen.getByRole('button', { name }));
  await settle();
});
const said = () => services.toasts.shown.peek().map((toast) => toast.text);

test.each<[string, unknown, string]>([
  ['a refusal', new Refused('forbidden'), 'You are not allowed to do this. Ask an owner.'],
  ['no answer', new Refused('unreachable'), 'The box does not answer. Check your network and try again.'],
  ['anything else', new TypeError('x'), 'Something went wrong in the box. Its log has the details.'],
])('%s has words', (_, error, words) => {
  expect(wordsOf(error)).toBe(words);
});

describe('an action', () => {
  let run: ReturnType<typeof useAction>;
  const after = vi.fn();
  function Probe() {
    run = useAction(after);
    return null;
  }
  beforeEach(() => {
    after.mockReset();
    show(<Probe />);
  });

  test('that is done is followed by what comes after', async () => {
    expect(await run(async () => 1)).toBe(true);
    expect(after).toHaveBeenCalledTimes(1);
    expect(said()).toEqual([]);
  });

  test('that fails says why, and nothing comes after', async () => {
    expect(await run(() => Promise.reject(new Refused('room_full')))).toBe(false);
    expect(after).not.toHaveBeenCalled();
    expect(said()).toEqual(['The room is full: a room has four members at most.']);
  });

  test('that somebody gave up at the password says nothing', async () => {
    expect(await run(() => Promise.reject(new Cancelled('cancelled')))).toBe(false);
    expect(said()).toEqual([]);
  });
});

describe('what fails is said', () => {
  test.each<[string, ComponentChildren, string]>([
    ['skipping the invites', <PeopleStep />, 'Skip this step'],
    ['going on after the certificate', <TrustStep />, 'Continue'],
    ['opening a conversation', <RoomList />, 'Bruno'],
  ])('%s', async (_, view, name) => {
    show(view);
    await act(async () => {
      fireEvent.click(screen.getByText(name));
      await settle();
    });
    expect(said()).toEqual(['You are not allowed to do this. Ask an owner.']);
  });
});

test('leaving a room for good is asked first', async () => {
  const [onLeave, onClose] = [vi.fn(async () => undefined), vi.fn()];
  show(<LeaveRoomDialog name="attic" onLeave={onLeave} onClose={onClose} />);
  expect(screen.getByRole('heading', { name: 'Leave attic?' })).toBeTruthy();
  await press('Cancel');
  expect(onLeave).not.toHaveBeenCalled();
  await press('Leave the room');
  expect(onLeave).toHaveBeenCalledTimes(1);
});
