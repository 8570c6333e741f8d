/** Shortcuts: what they do, how they are changed, and that everything that names them follows. */
import { expect, test } from '@playwright/test';
import { Box } from './box';
import { hears, inRoom, say, team, type Someone } from './team';

let box: Box;
test.beforeEach(async () => {
  box = new Box();
  await box.start();
});
test.afterEach(async () => box.dispose());

test('keys can be changed by pressing others, and everything that names them follows', async ({ browser }) => {
  const [alice] = (await team(box, browser, ['Alice'])) as [Someone];
  const { page } = alice;
  await page.goto(`${box.url}/settings/shortcuts`);
  const change = page.getByRole('button', { name: 'Change the keys of “Search messages”' });
  await change.click();
  await expect(page.getByText('Press the new keys. Esc keeps the old ones.')).toBeVisible();
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('alert').filter({ hasText: 'Ctrl K is for “Jump to a room, a person, a page” already.' })).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('q');
  await expect(page.getByText('Q alone is for typing. Add Ctrl or Alt.')).toBeVisible();
  await page.keyboard.press('Control+j');
  const row = page.getByRole('row', { name: /Search messages/ });
  await expect(row.locator('kbd')).toHaveText('Ctrl J');

  await page.reload();
  await expect(row.locator('kbd')).toHaveText('Ctrl J');
  await page.getByRole('link', { name: 'general' }).first().click();
  await inRoom(alice, 'general');
  await expect(page.getByRole('button', { name: 'Search', exact: true })).toHaveAttribute('title', 'Search (Ctrl J)');
  await page.keyboard.press('Control+/');
  await expect(page.getByRole('dialog').getByRole('row', { name: /Search messages/ })).toContainText('Ctrl J');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('search mess');
  await expect(page.getByRole('option', { name: /Search messages/ }).locator('kbd')).toHaveText('Ctrl J');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+j');
  await expect(page.getByLabel('Search messages')).toBeFocused();

  await page.goto(`${box.url}/settings/shortcuts`);
  await page.getByRole('button', { name: 'Standard keys for “Search messages”' }).click();
  await expect(row.locator('kbd')).toHaveText('Ctrl ⇧ F');
  expect(alice.troubles).toEqual([]);
});

test('messages are reached and answered by keys, and single letters can be switched off', async ({ browser }) => {
  const [alice] = (await team(box, browser, ['Alice'])) as [Someone];
  const { page } = alice;
  for (const text of ['first', 'second']) {
    await say(alice, text);
    await hears(alice, text);
  }
  const log = page.getByRole('log');
  await log.focus();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await expect(page.locator('article').filter({ hasText: 'first' })).toBeFocused();
  await page.keyboard.press('r');
  await expect(page.locator('.composer-mode')).toContainText('Reply to Alice: first');
  await expect(page.locator('#composer')).toBeFocused();
  await page.keyboard.press('Escape');

  await log.focus();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('+');
  await page.getByRole('menuitem', { name: '🎉' }).locator('visible=true').press('Enter');
  await expect(page.locator('article').filter({ hasText: 'second' }).locator('.reactions')).toContainText('🎉 1');
  await log.focus();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Copy text' }).locator('visible=true')).toHaveCount(1);
  await page.keyboard.press('Escape');

  await page.goto(`${box.url}/settings/shortcuts`);
  await page.getByRole('switch', { name: 'Single keys' }).uncheck();
  await page.getByRole('link', { name: 'general' }).first().click();
  await inRoom(alice, 'general');
  await log.focus();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('e');
  await page.waitForTimeout(200);
  await expect(page.locator('.composer-mode')).toHaveCount(0);
  expect(alice.troubles).toEqual([]);
});
