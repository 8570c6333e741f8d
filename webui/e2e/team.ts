/** People in browsers of their own, doing what people do. */
import { expect, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from '@playwright/test';
import type { Box } from './box';

export const PASSWORD = 'correct horse battery';

export interface Someone {
  name: string;
  context: BrowserContext;
  page: Page;
  /** What must stay empty: scripts that ran, dialogs, policy violations, errors of the page. */
  troubles: string[];
}

interface Look {
  locale?: string;
  theme?: 'light' | 'dark';
  width?: number;
  more?: BrowserContextOptions;
}

export async function arrive(browser: Browser, name: string, look: Look = {}): Promise<Someone> {
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    locale: look.locale ?? 'en-GB',
    colorScheme: look.theme ?? 'light',
    viewport: { width: look.width ?? 1360, height: 800 },
    ...look.more,
  });
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on('dialog', (dialog) => { troubles.push(`dialog: ${dialog.message()}`); void dialog.dismiss(); });
  page.on('pageerror', (error) => troubles.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (/Content Security Policy|Trusted ?Type/i.test(message.text())) troubles.push(`policy: ${message.text()}`);
  });
  return { name, context, page, troubles };
}

/** Claims a fresh box as its first owner and walks through all four steps. */
export async function claim(box: Box, owner: Someone): Promise<void> {
  const { page } = owner;
  await page.goto(`${box.url}/welcome#code=${box.claimCode()}`);
  await page.getByLabel('Name of your team').fill('Atelier');
  await page.getByLabel('Your name').fill(owner.name);
  await page.getByLabel('User name').fill(owner.name.toLowerCase());
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Create the team' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: /Skip|Finish/ }).click();
  await inRoom(owner, 'general');
}

/** Makes an invite link in the owner's admin pages. */
export async function inviteLink(box: Box, owner: Someone, name: string): Promise<string> {
  const { page } = owner;
  await page.goto(`${box.url}/admin/invites`);
  await page.getByLabel('For whom').fill(name);
  await page.getByRole('button', { name: 'Make a link' }).click();
  const link = page.getByLabel('Invite link', { exact: true }).first();
  await expect(link).toContainText('/i/');
  return (await link.textContent()) ?? '';
}

export async function join(guest: Someone, link: string): Promise<void> {
  const { page } = guest;
  await page.goto(link);
  await page.getByLabel('Your name').fill(guest.name);
  await page.getByLabel('User name').fill(guest.name.toLowerCase());
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Join' }).click();
  await inRoom(guest, 'general');
}

export async function inRoom(one: Someone, room: string): Promise<void> {
  await expect(one.page.getByRole('heading', { level: 1, name: room })).toBeVisible();
  await expect(one.page.getByLabel(`Message ${room}`)).toBeVisible();
}

/** A team of `names` in the room general, the first one its owner; some of them have a look of their own. */
export async function team(box: Box, browser: Browser, names: string[], looks: Record<string, Look> = {}): Promise<Someone[]> {
  const people = await Promise.all(names.map((name) => arrive(browser, name, looks[name])));
  const [owner, ...others] = people as [Someone, ...Someone[]];
  await claim(box, owner);
  for (const other of others) await join(other, await inviteLink(box, owner, other.name));
  await open(owner, 'general');
  return people;
}

export async function open(one: Someone, room: string): Promise<void> {
  await one.page.getByRole('link', { name: room }).first().click();
  await inRoom(one, room);
}

export async function say(one: Someone, text: string): Promise<void> {
  const composer = one.page.locator('#composer');
  await composer.fill(text);
  await composer.press('Enter');
}

export function message(one: Someone, text: string) {
  const words = one.page.locator('.markdown, .deleted').filter({ hasText: text });
  return one.page.locator('article.message:not(.pending)').filter({ has: words });
}

export async function hears(one: Someone, text: string): Promise<void> {
  await expect(message(one, text)).toHaveCount(1);
}

/** An action of a message's menu, by its English name. */
export async function act(one: Someone, text: string, action: string): Promise<void> {
  const row = message(one, text);
  await row.hover();
  await row.getByRole('button', { name: 'More' }).click();
  await one.page.getByRole('menuitem', { name: action, exact: true }).locator('visible=true').click();
}

/** A request that the page could make by itself, with the session of who is in it. */
export function post(one: Someone, path: string, body: object, method = 'POST'): Promise<Record<string, string>> {
  return one.page.evaluate(
    async ([address, text, verb]) => {
      const answer = await fetch(`/api/v1${address}`, { method: verb, headers: { 'Content-Type': 'application/json' }, body: text });
      if (!answer.ok) throw new Error(`${verb} ${address}: ${answer.status}`);
      return answer.status === 204 ? {} : answer.json();
    },
    [path, JSON.stringify(body), method] as const,
  );
}
