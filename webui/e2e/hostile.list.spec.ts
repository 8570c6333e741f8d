/** The whole big list of naughty strings through every field, while people look: each is shown as it is, or refused in words. */
import { expect, test, type Page } from '@playwright/test';
import { Box } from './box';
import { claim, hears, inviteLink, message, open, say, type Someone } from './team';
import { isAnswered, isClean, NAUGHTY, through, watched, watchedPair } from './watch';

let box: Box;
test.beforeEach(async () => {
  box = new Box('messages_per_second = 2000');
  await box.start();
});
test.afterEach(async () => box.dispose());
// Each test has a box of its own, and both cores have something to do.
test.describe.configure({ mode: 'parallel' });

const MOST = 48;

/**
 * A second connection with the session of the page: each message is made from one text, and one answer of `types` is
 * heard for each. What has no answer is followed by a ping.
 */
function overSocket(page: Page, template: object, texts: readonly string[], types: string[]): Promise<Record<string, number>> {
  return page.evaluate(
    ([sample, list, awaited]) =>
      new Promise<Record<string, number>>((resolve, reject) => {
        const ON_THE_WAY = 16;
        const socket = new WebSocket(`${location.origin.replace('https', 'wss')}/api/v1/ws`);
        const heard: Record<string, number> = {};
        const send = (message: object) => socket.send(JSON.stringify(message));
        let sent = 0;
        const sendNext = () => {
          const text = list[sent];
          if (text === undefined) return;
          sent += 1;
          const put = (_key: string, value: unknown) => (value === 'TEXT' ? text : value === 'TAG' ? crypto.randomUUID() : value === 'NUMBER' ? sent : value);
          send(JSON.parse(JSON.stringify(sample, put)) as object);
          if (awaited.includes('pong')) send({ type: 'ping', nonce: sent });
        };
        socket.onopen = () => send({ type: 'hello', protocol: 1, resume: [] });
        socket.onclose = ({ code }) => reject(new Error(`closed: ${code}`));
        socket.onmessage = ({ data }) => {
          const { type } = JSON.parse(String(data)) as { type: string };
          if (type === 'welcome') for (let first = 0; first < ON_THE_WAY; first += 1) sendNext();
          if (!awaited.includes(type)) return;
          heard[type] = (heard[type] ?? 0) + 1;
          sendNext();
          if (Object.values(heard).reduce((a, b) => a + b, 0) < list.length) return;
          socket.onclose = null;
          socket.close();
          resolve(heard);
        };
      }),
    [template, texts, types] as const,
  );
}

test('the whole list as names, topics, status texts, edits, replies and queries', async ({ browser }) => {
  test.setTimeout(240_000);
  const [alice, bruno] = await watchedPair(box, browser);
  const room = new URL(alice.page.url()).pathname.slice(3);
  await say(bruno, 'of Bruno');
  await hears(alice, 'of Bruno');
  await say(alice, 'to be edited');
  await hears(bruno, 'to be edited');
  const seq = Number(await message(alice, 'to be edited').getAttribute('data-seq'));
  // Both look at it all while it happens: one at header, notices and people of the room, the other at the owner's list.
  await bruno.page.getByRole('button', { name: 'People in the room' }).click();
  await alice.page.goto(`${box.url}/admin/rooms`);
  const fits = (outcomes: { text: string }[], most: number) => {
    for (const { text } of outcomes) expect([...text.trim().replace(/\s+/g, ' ')].length, text).toBeLessThanOrEqual(most);
    expect(outcomes.length).toBeGreaterThan(150);
  };
  const rest = async (one: Someone, path: string, field: string, most: number) => {
    fits(isAnswered(await through(one.page, 'PATCH', path, { [field]: 'TEXT' }, NAUGHTY), field), most);
  };
  const [, , , , , found] = await Promise.all([
    rest(alice, '/team', 'name', MOST),
    rest(alice, `/rooms/${room}`, 'name', MOST),
    rest(alice, `/rooms/${room}`, 'topic', 200),
    rest(bruno, '/account', 'name', MOST),
    overSocket(bruno.page, { type: 'presence_set', availability: 'automatic', text: 'TEXT' }, NAUGHTY, ['pong']),
    overSocket(bruno.page, { type: 'search', request: 'NUMBER', query: 'TEXT', limit: 5 }, NAUGHTY, ['search', 'error', 'request_refused']),
  ]);
  expect(Object.keys(found)).toContain('search');
  await alice.page.goto(`${box.url}/r/${room}`);
  const answers = ['chat_ack', 'chat_refused'];
  const [edits, replies] = await Promise.all([
    overSocket(alice.page, { type: 'chat_edit', tag: 'TAG', room, target: seq, text: 'TEXT' }, NAUGHTY, answers),
    overSocket(bruno.page, { type: 'chat_send', tag: 'TAG', room, replyTo: seq, text: 'TEXT' }, NAUGHTY, answers),
  ]);
  expect([edits, replies]).toEqual([{ chat_ack: NAUGHTY.length }, { chat_ack: NAUGHTY.length }]);
  await say(alice, 'the end of it');
  for (const one of [alice, bruno]) await expect(message(one, 'the end of it')).toHaveCount(1, { timeout: 60_000 });
  isClean(alice, bruno);
  await bruno.page.reload();
  await hears(bruno, 'the end of it');
  isClean(bruno);
});

test('the whole list in links: for whom, the user name that is chosen, the queries of the palette', async ({ browser }) => {
  test.setTimeout(240_000);
  const alice = await watched(browser, 'Alice');
  await claim(box, alice);
  const link = await inviteLink(box, alice, 'Bruno');
  const token = link.split('/i/')[1] ?? '';
  const guest = await watched(browser, 'Guest');
  await guest.page.goto(link);
  await guest.page.getByLabel('User name').waitFor();
  const free = await through(guest.page, 'GET', `/user-names/TEXT?invite=${token}`, null, NAUGHTY);
  for (const one of free) expect(one.status === 200 || one.status === 404, JSON.stringify(one)).toBe(true);
  const accept = { name: 'Guest', userName: 'guest', password: 'short' };
  for (const field of ['name', 'userName'] as const) {
    const outcomes = await through(guest.page, 'POST', `/invite/${token}/accept`, { ...accept, [field]: 'TEXT' }, NAUGHTY);
    for (const one of outcomes) expect([field, 'password'].includes(one.field) && one.status === 422, JSON.stringify(one)).toBe(true);
  }
  // Links are few at once: each is taken back, and stays in the list.
  const made = await alice.page.evaluate(async (list) => {
    const headers = { 'Content-Type': 'application/json' };
    let taken = 0;
    for (const name of list) {
      const answer = await fetch('/api/v1/invites', { method: 'POST', headers, body: JSON.stringify({ name, role: 'member', rooms: [], expiresIn: 3600 }) });
      const said = (await answer.json()) as { code?: string; field?: string; invite?: { id: string } };
      if (!said.invite && said.code !== 'field_invalid') throw new Error(JSON.stringify(said));
      if (!said.invite) continue;
      taken += 1;
      await fetch(`/api/v1/invites/${said.invite.id}`, { method: 'DELETE', headers });
    }
    return taken;
  }, NAUGHTY);
  expect(made).toBeGreaterThan(150);
  await alice.page.reload();
  await expect(alice.page.getByRole('row')).not.toHaveCount(0);
  await open(alice, 'general');
  await alice.page.keyboard.press('Control+k');
  await alice.page.getByRole('combobox').evaluate(async (input: HTMLInputElement, list) => {
    for (const text of list) {
      input.value = text;
      input.dispatchEvent(new InputEvent('input', { bubbles: true }));
      await new Promise((resolve) => setTimeout(resolve));
    }
  }, NAUGHTY);
  await expect(alice.page.getByRole('option').first()).toBeVisible();
  isClean(alice, guest);
});
