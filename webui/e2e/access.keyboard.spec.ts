/** From the claim to the settings without a pointer: one always sees where one is, and comes back to where one was. */
import { expect, test, type Locator, type Page } from '@playwright/test';
import { Box } from './box';
import { arrive, hears, inRoom, PASSWORD, type Someone } from './team';

let box: Box;
test.beforeEach(async () => {
  box = new Box();
  await box.start();
});
test.afterEach(async () => box.dispose());

/** Why one can't see what has the focus; empty when one can. */
function hiddenFocus(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement) || element === document.body) return 'nothing has the focus';
    const name = element.outerHTML.slice(0, 160);
    // Headings and regions get the focus so that readers speak them; nobody presses them.
    if (element.tabIndex < 0 && element.getAttribute('role') === null) return '';
    const { left, top, width, height } = element.getBoundingClientRect();
    const at = document.elementFromPoint(left + width / 2, top + Math.min(height / 2, 20));
    if (!at || !(element.contains(at) || at.contains(element))) return `covered: ${name}`;
    const shows = (one: Element | null, pseudo?: string) => {
      if (!one) return false;
      const { outlineStyle, boxShadow, backgroundColor } = getComputedStyle(one, pseudo);
      return pseudo ? backgroundColor !== 'rgba(0, 0, 0, 0)' : outlineStyle !== 'none' || boxShadow !== 'none';
    };
    const isShown = shows(element) || shows(element.closest('.composer-box')) || (element.matches('.splitter') && shows(element, '::before'));
    return isShown ? '' : `without a ring: ${name}`;
  });
}

async function press(page: Page, key: string) {
  await page.keyboard.press(key);
  expect(await hiddenFocus(page), key).toBe('');
}

/** Goes on with Tab until `target` has the focus; every stop on the way is seen. */
async function tabTo(page: Page, target: Locator) {
  await target.waitFor();
  for (let stops = 0; stops < 60; stops += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
    const trouble = await hiddenFocus(page);
    // After the last stop the browser has the focus; the next one is the first again.
    if (trouble !== 'nothing has the focus') expect(trouble).toBe('');
  }
  throw new Error(`no way by Tab to ${target.toString()}`);
}

async function type(page: Page, label: string, text: string) {
  await tabTo(page, page.getByLabel(label, { exact: true }));
  await page.keyboard.type(text);
}

async function person(page: Page, name: string) {
  await type(page, 'Your name', name);
  await type(page, 'User name', name.toLowerCase());
  await type(page, 'Password', PASSWORD);
  await page.keyboard.press('Enter');
}

/** Claims the box; returns the link for somebody else. */
async function claimByKeys({ page }: Someone): Promise<string> {
  await page.goto(`${box.url}/welcome`);
  await type(page, 'Claim code', box.claimCode());
  await page.keyboard.press('Enter');
  await type(page, 'Name of your team', 'Atelier');
  await person(page, 'Alice');
  await tabTo(page, page.getByRole('button', { name: 'Continue' }));
  await page.keyboard.press('Enter');
  await type(page, 'For whom', 'Bruno');
  await page.keyboard.press('Enter');
  const link = page.getByLabel('Invite link', { exact: true });
  await expect(link).toContainText('/i/');
  const address = (await link.textContent()) ?? '';
  await tabTo(page, page.getByRole('button', { name: 'Finish' }));
  await page.keyboard.press('Enter');
  return address;
}

async function sayByKeys(one: Someone, text: string) {
  await tabTo(one.page, one.page.locator('#composer'));
  await one.page.keyboard.type(text);
  await one.page.keyboard.press('Enter');
  await hears(one, text);
}

/** What `keys` opens is left with Escape, and the focus is at `opener` again. */
async function comesBack(page: Page, opener: Locator, keys: string[], opened: Locator) {
  await tabTo(page, opener);
  for (const key of keys) await page.keyboard.press(key);
  await expect(opened).toBeVisible();
  expect(await hiddenFocus(page)).toBe('');
  await page.keyboard.press('Escape');
  await expect(opened).toBeHidden();
  await expect(opener).toBeFocused();
}

test('a team is made, talks and settles in without a pointer', async ({ browser }) => {
  const alice = await arrive(browser, 'Alice');
  const bruno = await arrive(browser, 'Bruno');
  await bruno.page.goto(await claimByKeys(alice));
  await inRoom(alice, 'general');
  await person(bruno.page, 'Bruno');
  await inRoom(bruno, 'general');
  await sayByKeys(alice, 'by hand');
  await hears(bruno, 'by hand');
  await sayByKeys(bruno, 'with pleasure');
  const { page } = alice;
  await tabTo(page, page.getByRole('link', { name: 'Settings' }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeFocused();
  await tabTo(page, page.getByRole('link', { name: 'Appearance' }));
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByLabel('Theme'));
  await page.keyboard.type('Dark');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await press(page, 'Control+k');
  await page.keyboard.type('gener');
  await page.keyboard.press('Enter');
  await inRoom(alice, 'general');
  expect([...alice.troubles, ...bruno.troubles]).toEqual([]);
});

test('the focus comes back to what opened a dialog, a menu or a panel', async ({ browser }) => {
  const alice = await arrive(browser, 'Alice');
  await claimByKeys(alice);
  await inRoom(alice, 'general');
  await sayByKeys(alice, 'something to answer');
  const { page } = alice;
  const button = (name: string) => page.getByRole('button', { name, exact: true }).first();
  const dialog = page.getByRole('dialog');
  const menu = page.locator('.menu:popover-open');
  await comesBack(page, button('New room'), ['Enter'], dialog);
  await comesBack(page, page.locator('.avatar-button'), ['Enter'], menu);
  await comesBack(page, page.locator('.avatar-button'), ['Enter', 's', 'Enter'], dialog);
  await comesBack(page, page.locator('.page-head').getByRole('button', { name: 'More' }), ['Enter'], menu);
  await comesBack(page, page.locator('.page-head').getByRole('button', { name: 'More' }), ['Enter', 'r', 'Enter'], dialog);
  await comesBack(page, page.locator('#composer'), ['Control+k'], dialog);
  await comesBack(page, page.locator('#composer'), ['Control+/'], dialog);
  await comesBack(page, page.locator('article .tools').last().getByRole('button', { name: 'More' }), ['Enter'], menu);
  await comesBack(page, page.locator('article .tools').last().getByRole('button', { name: 'React' }), ['Enter'], menu);
  const people = button('People in the room');
  await tabTo(page, people);
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('complementary').getByRole('button', { name: 'Close' }));
  await page.keyboard.press('Enter');
  await expect(people).toBeFocused();
  expect(alice.troubles).toEqual([]);
});

test('completing, editing, leaving and moving between regions', async ({ browser }) => {
  const alice = await arrive(browser, 'Alice');
  await claimByKeys(alice);
  await inRoom(alice, 'general');
  const { page } = alice;
  await tabTo(page, page.locator('#composer'));
  await page.keyboard.type('by hand @al');
  await expect(page.getByRole('listbox')).toContainText('Alice');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await hears(alice, 'by hand @Alice');
  await page.keyboard.press('ArrowUp');
  await expect(page.getByText('Editing your message')).toBeVisible();
  await page.keyboard.press('Escape');
  for (let region = 0; region < 4; region += 1) await press(page, 'Control+F6');
  await page.keyboard.press('Control+Shift+F');
  await expect(page.getByLabel('Search messages')).toBeVisible();
});
