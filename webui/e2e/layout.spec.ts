/** Columns and their edges. */
import { expect, test } from '@playwright/test';
import { Box } from './box';
import { inRoom, team, type Someone } from './team';

let box: Box;
test.beforeEach(async () => {
  box = new Box();
  await box.start();
});
test.afterEach(async () => box.dispose());

test('edges of columns are moved by keys and by pointer, stay, and are gone where columns do not stand side by side', async ({ browser }) => {
  const [alice] = (await team(box, browser, ['Alice'])) as [Someone];
  const { page } = alice;
  const list = page.getByRole('separator', { name: 'Width of the room list' });
  const side = page.getByRole('separator', { name: 'Width of the side panel' });
  const width = async (selector: string) => Math.round((await page.locator(selector).boundingBox())?.width ?? 0);
  await list.focus();
  await page.keyboard.press('End');
  await expect(list).toHaveAttribute('aria-valuenow', '320');
  expect(await width('.room-column')).toBe(320);

  await page.getByRole('button', { name: 'People in the room' }).click();
  const edge = (await side.boundingBox())!;
  await page.mouse.move(edge.x + 2, 400);
  await page.mouse.down();
  await page.mouse.move(edge.x - 500, 400, { steps: 5 });
  await page.mouse.up();
  expect(await width('.side-panel')).toBe(400);
  expect(await width('.main')).toBeGreaterThanOrEqual(380);

  await page.reload();
  await inRoom(alice, 'general');
  expect([await width('.room-column'), await width('.side-panel')]).toEqual([320, 400]);
  await side.dblclick({ position: { x: 6, y: 300 } });
  await list.dblclick({ position: { x: 6, y: 300 } });
  expect([await width('.room-column'), await width('.side-panel')]).toEqual([248, 288]);

  await list.focus();
  await page.keyboard.press('End');
  for (const [size, edges] of [[1280, 2], [1100, 1], [900, 0], [360, 0]] as const) {
    await page.setViewportSize({ width: size, height: 700 });
    await expect(page.getByRole('separator')).toHaveCount(edges);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow, `${size}`).toBeLessThanOrEqual(0);
  }
  expect(alice.troubles).toEqual([]);
});
