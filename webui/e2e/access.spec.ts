/** Every screen in both themes, both languages and two widths: no violation of WCAG 2.2 AA that axe can find. */
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { Box } from './box';
import { arrive, claim, hears, inviteLink, say, team, type Someone } from './team';

let box: Box;
test.beforeEach(async () => {
  box = new Box();
  await box.start();
});
test.afterEach(async () => box.dispose());

const LOOKS = [
  { theme: 'light', width: 1360, language: 'en' },
  { theme: 'dark', width: 390, language: 'en' },
  { theme: 'dark', width: 1360, language: 'fr' },
  { theme: 'light', width: 390, language: 'fr' },
] as const;

async function isAccessible(page: Page, what: string) {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze();
  const found = violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`));
  expect(found, what).toEqual([]);
}

/** No text is cut off at the side of the page. */
async function fits(page: Page, what: string) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(over, `${what} is wider than the screen`).toBeLessThanOrEqual(0);
}

async function look(one: Someone, { theme, width, language }: (typeof LOOKS)[number]) {
  await one.page.setViewportSize({ width, height: 800 });
  await one.page.emulateMedia({ colorScheme: theme });
  await one.page.evaluate((value) => localStorage.setItem('mesh.language', value), language);
}

test('screens of somebody who is not in yet', async ({ browser }) => {
  const fresh = await arrive(browser, 'Fresh');
  await fresh.page.goto(`${box.url}/welcome`);
  for (const one of LOOKS) {
    await look(fresh, one);
    await fresh.page.reload();
    await fresh.page.locator('h1').waitFor();
    await isAccessible(fresh.page, `claim ${JSON.stringify(one)}`);
    await fits(fresh.page, 'claim');
  }
  const alice = await arrive(browser, 'Alice');
  await claim(box, alice);
  const link = await inviteLink(box, alice, 'Bruno');
  for (const [what, address] of [['sign in', box.url], ['invite', link], ['plain page', box.plainUrl]] as const) {
    for (const one of LOOKS) {
      await fresh.page.goto(box.url);
      await look(fresh, one);
      await fresh.page.goto(address);
      await fresh.page.locator('h1').waitFor();
      await fresh.page.waitForTimeout(300);
      await isAccessible(fresh.page, `${what} ${JSON.stringify(one)}`);
      await fits(fresh.page, what);
    }
  }
});

test('screens of an owner', async ({ browser }) => {
  test.setTimeout(240_000);
  const [alice, bruno] = (await team(box, browser, ['Alice', 'Bruno'])) as [Someone, Someone];
  await say(alice, 'Look: **bold**, `code`, [a link](https://example.org) and @bruno\n\n```rust\nfn main() {}\n```\n> quoted\n- one\n- two');
  await say(bruno, 'seen it @everyone');
  const room = new URL(alice.page.url()).pathname;
  const pages = [
    room, `${room}?side=people`, `${room}?side=search`, `${room}?side=pins`, '/', '/settings/profile', '/settings/security', '/settings/appearance',
    '/settings/accessibility', '/settings/shortcuts', '/settings/about', '/admin/people', '/admin/invites', '/admin/rooms', '/admin/trust', '/nowhere',
  ];
  for (const one of LOOKS) {
    await look(alice, one);
    for (const path of pages) {
      await alice.page.goto(box.url + path);
      await alice.page.locator('#title, h1').first().waitFor({ state: 'attached' });
      await alice.page.waitForTimeout(350);
      await isAccessible(alice.page, `${path} ${JSON.stringify(one)}`);
      await fits(alice.page, path);
    }
    await alice.page.goto(box.url + room);
    await alice.page.waitForTimeout(300);
    await alice.page.keyboard.press('Control+k');
    await alice.page.getByRole('combobox').first().waitFor();
    await isAccessible(alice.page, `palette ${JSON.stringify(one)}`);
    await alice.page.keyboard.press('Escape');
    await alice.page.keyboard.press('Control+/');
    await alice.page.getByRole('dialog').waitFor();
    await isAccessible(alice.page, `shortcuts ${JSON.stringify(one)}`);
    await alice.page.keyboard.press('Escape');
  }
  expect(alice.troubles).toEqual([]);
});

test('everything on the way to a sent message works by keyboard', async ({ browser }) => {
  const [alice] = (await team(box, browser, ['Alice'])) as [Someone];
  const { page } = alice;
  await page.keyboard.press('Control+k');
  await page.keyboard.type('gener');
  await page.keyboard.press('Enter');
  await page.locator('#composer').focus();
  await page.keyboard.type('by hand @al');
  await expect(page.getByRole('listbox')).toContainText('Alice');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await hears(alice, 'by hand @Alice');
  await page.keyboard.press('ArrowUp');
  await expect(page.getByText('Editing your message')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+F6');
  await expect(page.locator(':focus')).toBeVisible();
  await page.keyboard.press('Control+Shift+F');
  await expect(page.getByLabel('Search messages')).toBeVisible();
});
