/** Hostile messages through the composer, and another site that tries its luck with a live session. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { Box } from './box';
import { arrive, claim, hears, message, open, say } from './team';
import { isClean, NAUGHTY, watched, watchedPair } from './watch';

let box: Box;
test.beforeEach(async () => {
  box = new Box();
  await box.start();
});
test.afterEach(async () => box.dispose());
// Each test has a box of its own, and both cores have something to do.
test.describe.configure({ mode: 'parallel' });

/** Sent at once before the box has taken them: a busy machine has less to hold, and says so sooner. */
const STEP = 40;

test('every naughty string is only a message', async ({ browser }) => {
  test.setTimeout(300_000);
  const [alice, bruno] = await watchedPair(box, browser);
  const strings = NAUGHTY.filter((text) => Buffer.byteLength(text) < 4_000);
  // Through the composer of the page: typing five hundred would only test the keyboard.
  for (let from = 0; from < strings.length; from += STEP) {
    await alice.page.locator('#composer').evaluate(async (area: HTMLTextAreaElement, texts) => {
      const set = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value')?.set;
      for (const text of texts) {
        set?.call(area, text);
        area.dispatchEvent(new InputEvent('input', { bubbles: true }));
        await new Promise((resolve) => setTimeout(resolve, 4));
        area.form?.requestSubmit();
        await new Promise((resolve) => setTimeout(resolve, 4));
      }
    }, strings.slice(from, from + STEP));
    await expect(alice.page.locator('.pending')).toHaveCount(0, { timeout: 90_000 });
  }
  await say(alice, 'the end of it');
  for (const one of [alice, bruno]) await expect(message(one, 'the end of it')).toHaveCount(1, { timeout: 60_000 });
  isClean(alice, bruno);
  await bruno.page.reload();
  await hears(bruno, 'the end of it');
  isClean(bruno);
});

test('what must not be on a page is seen when it is', async ({ browser }) => {
  const alice = await watched(browser, 'Alice');
  await alice.page.goto(`${box.url}/welcome`);
  await alice.page.getByRole('heading', { level: 1 }).waitFor();
  isClean(alice);
  await alice.page.evaluate(() => {
    const link = Object.assign(document.createElement('a'), { href: 'javascript:canary()' });
    document.body.append(link, document.createElement('iframe'));
    alert('hello');
    // The policy of the box stops it before the page has it.
    try { link.setAttribute('onclick', 'canary()'); } catch { /* told as a violation */ }
  });
  for (const what of ['attribute: href=javascript', 'element: <iframe', 'a script ran: alert', 'policy: require-trusted-types-for']) {
    await expect.poll(() => alice.troubles.join('\n')).toContain(what);
  }
});

test('a page of another origin can do nothing with a live session', async ({ browser }) => {
  const alice = await arrive(browser, 'Alice');
  await claim(box, alice);
  await open(alice, 'general');
  const evil = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end('<!doctype html><title>evil</title><form method="post" target="frame"><input name="x"></form><iframe name="frame"></iframe>');
  });
  await new Promise<void>((resolve) => evil.listen(0, '127.0.0.1', resolve));
  const port = (evil.address() as AddressInfo).port;
  const page = await alice.context.newPage();
  await page.goto(`http://localhost:${port}/`);
  const results = await page.evaluate(async (target) => {
    const attempt = (run: () => Promise<unknown>) => run().then((value) => String(value), (error: Error) => `failed ${error.name}`);
    const post = (path: string, body: string, mode: RequestMode, type: string) =>
      attempt(async () => (await fetch(target + path, { method: 'POST', mode, credentials: 'include', headers: { 'Content-Type': type }, body })).type);
    const socket = await new Promise<string>((resolve) => {
      const ws = new WebSocket(`${target.replace('https', 'wss')}/api/v1/ws`);
      ws.onopen = () => resolve('open');
      ws.onerror = () => resolve('refused');
    });
    const image = await new Promise<string>((resolve) => {
      const img = new Image();
      img.onload = () => resolve('loaded');
      img.onerror = () => resolve('refused');
      img.src = `${target}/icon.svg`;
    });
    const read = await attempt(async () => (await fetch(`${target}/api/v1/session`, { credentials: 'include' })).text());
    const form = document.forms[0]!;
    form.action = `${target}/api/v1/session`;
    form.submit();
    return { socket, image, read, json: await post('/api/v1/rooms', '{"name":"evil","topic":"","visibility":"open","members":[]}', 'cors', 'application/json'), simple: await post('/api/v1/rooms', '{"name":"evil","topic":"","visibility":"open","members":[]}', 'no-cors', 'text/plain') };
  }, box.url);
  expect(results.socket).toBe('refused');
  expect(results.image).toBe('refused');
  expect(results.read).toBe('failed TypeError');
  expect(results.json).toBe('failed TypeError');
  await page.waitForTimeout(500);
  await alice.page.reload();
  await expect(alice.page.getByRole('link', { name: 'evil' })).toHaveCount(0);
  await say(alice, 'still me');
  await hears(alice, 'still me');
  await new Promise((resolve) => evil.close(resolve));
});
