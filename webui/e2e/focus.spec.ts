/** Where the focus is when what had it goes away or is covered. */
import { expect, test } from '@playwright/test';
import { Box } from './box';
import { hears, say, team, type Someone } from './team';

let box: Box;
test.beforeEach(async () => {
  box = new Box();
  await box.start();
});
test.afterEach(async () => box.dispose());

test('a message that is deleted by keyboard leaves the focus in the list', async ({ browser }) => {
  const [alice] = (await team(box, browser, ['Alice'])) as [Someone];
  const { page } = alice;
  for (const text of ['one', 'two', 'three']) {
    await say(alice, text);
    await hears(alice, text);
  }
  const focused = () => page.evaluate(() => document.activeElement?.querySelector('.markdown')?.textContent ?? document.activeElement?.className);
  await page.getByRole('log').focus();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await expect.poll(focused).toBe('two');
  for (const next of ['three', 'one']) {
    await page.keyboard.press('Enter');
    await page.keyboard.press('d');
    await page.keyboard.press('Enter');
    await expect.poll(focused).toBe(next);
  }
  expect(alice.troubles).toEqual([]);
});

test('a panel that covers the room has the focus until it is closed', async ({ browser }) => {
  const [alice] = (await team(box, browser, ['Alice'])) as [Someone];
  const { page } = alice;
  await page.setViewportSize({ width: 390, height: 800 });
  const inside = () => page.evaluate(() => document.activeElement?.closest('#side, #main')?.id ?? 'elsewhere');
  const button = page.getByRole('button', { name: 'People in the room' });
  await button.focus();
  await page.keyboard.press('Enter');
  await expect.poll(inside).toBe('side');
  const visited = new Set<string>();
  for (let stop = 0; stop < 20; stop += 1) {
    await page.keyboard.press('Tab');
    visited.add(await inside());
  }
  expect([...visited].sort()).toEqual(['elsewhere', 'side']);
  await page.getByRole('button', { name: 'Close' }).focus();
  await page.keyboard.press('Enter');
  await expect(button).toBeFocused();
  expect(alice.troubles).toEqual([]);
});
