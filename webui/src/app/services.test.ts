/** The stores put together, as a page has them. */
import { beforeEach, describe, expect, test } from 'vitest';
import { settle } from '../test/fakeClock';
import { fakeBrowser, type FakeBrowser, type FakePage } from '../test/fakePlatform';
import { account, ALICE, BRUNO, line, page, posted, room, ROOM, welcome } from '../test/samples';
import { createServices, type Services } from './services';

let browser: FakeBrowser;
let tab: FakePage;
let services: Services;

async function open() {
  tab = browser.open();
  services = createServices(tab.platform, () => {});
  await services.start();
}

const answers = (status: number, body: unknown) => {
  browser.fetch = () => ({ status, body });
};
const greet = (user = ALICE, rooms = [room()]) => {
  tab.sockets.latest().open();
  tab.sockets.latest().say({ type: 'welcome', ...welcome({ account: account(user), rooms }) });
  tab.sockets.latest().say({ type: 'caught_up' });
};
const sent = (type: string) => tab.sockets.latest().sent.filter((one) => one.type === type);
const title = () => tab.titles.at(-1);

beforeEach(async () => {
  browser = fakeBrowser();
  answers(200, account());
  await open();
  greet();
});

async function openRoom(...seqs: number[]) {
  services.chat.open(ROOM);
  tab.sockets.latest().say({ type: 'history', request: 1, room: ROOM, page: page(seqs.map((seq) => line(seq))) });
  await settle();
}

describe('without the box', () => {
  test('a page opens with what it knew, takes messages, and sends them when the box is back', async () => {
    await openRoom(1, 2);
    await browser.clock.advance(1_500);
    browser.fetch = () => Promise.reject(new TypeError('Failed to fetch'));
    await open();
    expect(services.session.phase.peek()).toBe('signed_in');
    expect(services.rooms.mine.value.map((one) => one.name)).toEqual(['general']);
    expect(services.chat.open(ROOM).timeline.peek().items).toHaveLength(2);
    services.chat.send(ROOM, 'written in a tunnel');
    services.chat.setDraft(ROOM, 'and half a');
    await settle();
    expect(title()?.[0]).toContain('1');
    await open();
    expect(services.chat.draft(ROOM)).toBe('and half a');
    greet();
    expect(sent('hello')).toEqual([{ type: 'hello', protocol: 1, resume: [{ room: ROOM, seq: 2 }] }]);
    expect(sent('chat_send')).toEqual([expect.objectContaining({ text: 'written in a tunnel' })]);
  });

  test('a box that is ill keeps what the page knew, and is asked again', async () => {
    await browser.clock.advance(1_500);
    answers(500, { code: 'internal', message: '' });
    await open();
    expect([services.session.phase.peek(), services.session.wasEnded.peek()]).toEqual(['signed_in', false]);
    expect(services.rooms.mine.value).toHaveLength(1);
    greet();
    expect(services.connection.state.peek().link).toBe('online');
  });

  test('a page that knows nothing looks for the box again by itself', async () => {
    browser = fakeBrowser();
    answers(503, { code: 'busy', message: '' });
    await open();
    expect(services.session.phase.peek()).toBe('unreachable');
    answers(200, account());
    await browser.clock.advance(5_000);
    expect(services.session.phase.peek()).toBe('signed_in');
  });

  test('a network that comes back ends the wait', async () => {
    for (let count = 0; count < 6; count += 1) {
      tab.sockets.latest().drop();
      await browser.clock.advance(15_000);
    }
    tab.sockets.latest().drop();
    const dialled = tab.sockets.dialled.length;
    tab.wake();
    expect(tab.sockets.dialled).toHaveLength(dialled + 1);
  });

  test('what was on its way waits again', async () => {
    services.chat.send(ROOM, 'hello');
    await settle();
    tab.sockets.latest().drop();
    expect(services.chat.outbox.pending.peek()[0]?.state).toBe('waiting');
  });
});

describe('who uses the browser', () => {
  test('signing out erases everything, here and on the disk, and tells the other tabs', async () => {
    await openRoom(1, 2);
    const other = tab;
    await open();
    answers(204, null);
    await services.session.signOut();
    await browser.clock.advance(60_000);
    expect(browser.table.keys()).toEqual([]);
    expect(services.rooms.account.peek()).toBe(null);
    expect(services.connection.state.peek().link).toBe('off');
    expect(other.reloads()).toBe(1);
  });

  test('signing out without the box is refused in words, and erases nothing', async () => {
    browser.fetch = () => Promise.reject(new TypeError('Failed to fetch'));
    await services.signOut();
    expect(services.toasts.shown.peek()).toEqual([expect.objectContaining({ look: 'error' })]);
    expect(services.session.phase.peek()).toBe('signed_in');
    expect(services.rooms.account.peek()).not.toBe(null);
  });

  test('a session that is ended elsewhere keeps what waits for the same person', async () => {
    services.chat.setDraft(ROOM, 'half');
    tab.sockets.latest().drop(4001);
    expect(services.session.phase.peek()).toBe('signed_out');
    services.chat.send(ROOM, 'waits');
    answers(200, account());
    await services.session.signIn('alice', 'x');
    greet();
    expect(sent('chat_send')).toHaveLength(1);
    expect(services.chat.draft(ROOM)).toBe('half');
  });

  test('what waits is never sent in the name of somebody else', async () => {
    await openRoom(1, 2);
    services.chat.setDraft(ROOM, 'half');
    services.search.setQuery('secret');
    tab.sockets.latest().drop(4001);
    services.chat.send(ROOM, 'by Alice');
    answers(200, account(BRUNO));
    await services.session.signIn('bruno', 'x');
    greet(BRUNO);
    await browser.clock.advance(2_000);
    expect(sent('chat_send')).toEqual([]);
    expect(sent('hello')).toEqual([{ type: 'hello', protocol: 1, resume: [] }]);
    expect(services.chat.draft(ROOM)).toBe('');
    expect(services.chat.outbox.pending.peek()).toEqual([]);
    expect(services.search.query.peek()).toBe('');
    expect(browser.table.keys().filter((key) => !key.startsWith(`own/${ALICE}/`))).toEqual(['last', 'snapshot']);
  });

  test('what waited is there, and is sent, when its author is back after somebody else', async () => {
    services.chat.setDraft(ROOM, 'half');
    tab.sockets.latest().drop(4001);
    services.chat.send(ROOM, 'by Alice');
    answers(200, account(BRUNO));
    await services.session.signIn('bruno', 'x');
    greet(BRUNO);
    answers(204, null);
    await services.signOut();
    answers(200, account(ALICE));
    await services.session.signIn('alice', 'x');
    greet();
    expect(sent('chat_send')).toEqual([expect.objectContaining({ text: 'by Alice' })]);
    expect(services.chat.draft(ROOM)).toBe('half');
  });

  test('a reload after the session was ended keeps drafts and what waits, and lets go of what the box has', async () => {
    await openRoom(1, 2);
    await browser.clock.advance(2_000);
    services.chat.setDraft(ROOM, 'half');
    tab.sockets.latest().drop(4001);
    services.chat.send(ROOM, 'waits');
    await settle();
    browser.fetch = (_, path) => (path === '/status' ? { status: 200, body: { claimed: true, version: '1' } } : { status: 401, body: { code: 'signed_out', message: '' } });
    await open();
    expect([services.session.phase.peek(), services.session.wasEnded.peek()]).toEqual(['signed_out', true]);
    expect(services.keeper.last.peek()).toEqual({ id: ALICE, userName: 'alice' });
    expect(services.chat.outbox.pending.peek()).toHaveLength(1);
    expect(browser.table.keys().filter((key) => /^(room|snapshot)/.test(key))).toEqual([]);
    answers(200, account());
    await services.session.signIn('alice', 'x');
    greet();
    expect(sent('chat_send')).toEqual([expect.objectContaining({ text: 'waits' })]);
    expect(services.chat.draft(ROOM)).toBe('half');
  });

  test('a page that wakes up in the session of somebody else sends nothing and starts anew', async () => {
    tab.sockets.latest().drop();
    services.chat.send(ROOM, 'by Alice');
    await browser.clock.advance(5_000);
    greet(BRUNO);
    expect(sent('chat_send')).toEqual([]);
    expect(services.rooms.account.peek()).toBe(null);
    expect(tab.reloads()).toBe(1);
  });

  test('a box that was set up anew finds nothing here of the old team', async () => {
    services.chat.setDraft(ROOM, 'half');
    browser.fetch = (_, path) => (path === '/status' ? { status: 200, body: { claimed: false, version: '1' } } : { status: 401, body: { code: 'signed_out', message: '' } });
    await open();
    expect(services.session.phase.peek()).toBe('unclaimed');
    expect(browser.table.keys()).toEqual([]);
  });

  test('all tabs are back when the person signs in again in one', async () => {
    tab.sockets.latest().drop(4001);
    const first = services;
    expect(first.session.phase.peek()).toBe('signed_out');
    await open();
    await settle();
    expect(first.session.phase.peek()).toBe('signed_in');
  });

  test('signing out deletes first what could still be taken back, and waits until the box has it', async () => {
    answers(204, null);
    services.chat.removeSoon(ROOM, 2, () => {});
    const leaving = services.signOut();
    await settle();
    expect(services.session.phase.peek()).toBe('signed_in');
    const { tag } = tab.sockets.latest().sent.find((one) => one.type === 'chat_delete')!;
    tab.sockets.latest().say({ type: 'chat_ack', room: ROOM, tag, seq: 3 });
    await leaving;
    expect([services.session.phase.peek(), services.leaving.peek()]).toEqual(['signed_out', null]);
  });

  test('signing out deletes what could be taken back in another tab, too', async () => {
    services.chat.removeSoon(ROOM, 2, () => {});
    await settle();
    await open();
    greet();
    void services.signOut();
    await settle();
    expect(sent('chat_delete')).toEqual([expect.objectContaining({ target: 2 })]);
  });

  test('a deletion that the box does not get before a sign-out is counted in the question', async () => {
    services.chat.removeSoon(ROOM, 2, () => {});
    const leaving = services.signOut();
    await browser.clock.advance(2_000);
    await leaving;
    expect(services.leaving.peek()).toEqual({ messages: 1, drafts: 0 });
    tab.sockets.latest().drop();
    services.leaving.value = null;
    await services.signOut();
    expect(services.leaving.peek()).toEqual({ messages: 1, drafts: 0 });
  });

  test('signing out asks first when something is not sent', async () => {
    tab.sockets.latest().drop();
    services.chat.send(ROOM, 'waits');
    services.chat.setDraft(ROOM, 'half');
    answers(204, null);
    await services.signOut();
    expect(services.leaving.peek()).toEqual({ messages: 1, drafts: 1 });
    expect(services.session.phase.peek()).toBe('signed_in');
    await services.leave();
    expect(services.leaving.peek()).toBe(null);
    expect([services.session.phase.peek(), services.session.wasEnded.peek()]).toEqual(['signed_out', false]);
    expect(browser.table.keys()).toEqual([]);
  });
});

test('a draft is the same in all tabs of the browser', async () => {
  const first = services;
  await open();
  first.chat.setDraft(ROOM, 'half a');
  expect(services.chat.draft(ROOM)).toBe('half a');
  expect(services.chat.sharedDraft.peek()).toEqual({ type: 'draft', room: ROOM, text: 'half a' });
  expect(first.chat.sharedDraft.peek()).toBe(null);
  first.chat.setDraft(ROOM, '');
  expect(services.chat.draft(ROOM)).toBe('');
});

test('the title says how many messages mention the person', () => {
  expect(title()).toEqual(['Mesh · Atelier', 0]);
  tab.sockets.latest().say({ type: 'unread_changed', room: ROOM, unread: { messages: 5, mentions: 2 } });
  expect(title()).toEqual(['(2) Mesh · Atelier', 2]);
});

test('the title counts apart what waits for the box and what it refused', async () => {
  services.chat.send(ROOM, 'refused');
  await settle();
  const { tag } = services.chat.outbox.pending.peek()[0]!.message;
  tab.sockets.latest().say({ type: 'chat_refused', room: ROOM, tag, error: { code: 'room_archived', message: '' } });
  expect(title()).toEqual(['1 ⚠ Mesh · Atelier', 0]);
  tab.sockets.latest().drop();
  services.chat.send(ROOM, 'one');
  services.chat.react(ROOM, 1, '👍', true);
  await settle();
  expect(title()).toEqual(['2 ⏳ 1 ⚠ Mesh · Atelier', 0]);
});

test('a message of the box reaches rooms and chat in one step', async () => {
  await openRoom(1, 2);
  tab.sockets.latest().say({ type: 'room_events', room: ROOM, events: [posted(3)] });
  expect(services.rooms.rooms.peek().get(ROOM)?.lastSeq).toBe(3);
  expect(services.chat.open(ROOM).timeline.peek().last).toBe(3);
});

describe('how to be reached', () => {
  test('is done when the box has saved it', async () => {
    const saved = services.presence.set('away', 'lunch');
    expect(sent('presence_set')).toEqual([{ type: 'presence_set', availability: 'away', text: 'lunch' }]);
    tab.sockets.latest().say({ type: 'account_changed', ...account(), availability: 'away', statusText: 'lunch' });
    await expect(saved).resolves.toBeUndefined();
  });

  test('is refused in words when the box does not take it, does not answer, or is away', async () => {
    const refused = services.presence.set('away', '\u202e');
    tab.sockets.latest().say({ type: 'error', code: 'field_invalid', message: 'no', field: 'text' });
    await expect(refused).rejects.toMatchObject({ code: 'field_invalid', field: 'text' });
    const silent = expect(services.presence.set('away', '')).rejects.toMatchObject({ code: 'unreachable' });
    await browser.clock.advance(10_000);
    await silent;
    tab.sockets.latest().drop();
    await expect(services.presence.set('away', '')).rejects.toMatchObject({ code: 'unreachable' });
  });
});
