/** What the box refuses is never lost: it can be written again, and let go, also when its room is gone. */
import { expect, test } from '@playwright/test';
import { Box } from './box';
import { inRoom, open, post, say, team, type Someone } from './team';

/** Characters that a message on the wire spells with six each: more of them than fit into one. */
const LONG = `too long to travel ${'\u0007'.repeat(10_500)}`;

let box: Box;
test.beforeEach(async () => {
  box = new Box();
  await box.start();
});
test.afterEach(async () => box.dispose());

test('a message that was refused is written again below what is half written', async ({ browser }) => {
  const [alice] = (await team(box, browser, ['Alice'])) as [Someone];
  const { page } = alice;
  const composer = page.locator('#composer');
  await say(alice, LONG);
  await composer.fill('half');
  await page.locator('.pending').getByRole('button', { name: 'Edit' }).click();
  await expect(composer).toHaveValue(`half\n\n${LONG}`);
  await expect(composer).toBeFocused();
  await expect(page.locator('.pending')).toHaveCount(0);
  await composer.press('Control+Home');
  await page.keyboard.type('x');
  await page.reload();
  await inRoom(alice, 'general');
  await expect(composer).toHaveValue(`xhalf\n\n${LONG}`);
  expect(alice.troubles).toEqual([]);
});

test('what was refused in a room that is gone is listed until it is let go', async ({ browser }) => {
  const [alice, bruno] = (await team(box, browser, ['Alice', 'Bruno'])) as [Someone, Someone];
  const members = await alice.page.evaluate(async () => {
    const people = (await (await fetch('/api/v1/people')).json()) as { user: { id: string; userName: string } }[];
    return people.filter((one) => one.user.userName === 'bruno').map((one) => one.user.id);
  });
  const { room } = await post(alice, '/rooms', { name: 'attic', topic: '', visibility: 'invited', members });
  await open(bruno, 'attic');
  await say(bruno, LONG);
  await expect(bruno.page).toHaveTitle(/^1 ⚠ /);
  await post(alice, `/rooms/${room}/members/${members[0]}`, {}, 'DELETE');
  await expect(bruno.page.getByText('This room does not exist, or not for you.')).toBeVisible();
  await bruno.page.getByRole('link', { name: 'Not sent: 1' }).click();
  await expect(bruno.page.getByRole('heading', { name: 'A room that is gone' })).toBeVisible();
  await expect(bruno.page.getByText('too long to travel')).toBeVisible();
  await bruno.page.getByRole('button', { name: 'Discard' }).click();
  await expect(bruno.page.getByText('Nothing was refused.')).toBeVisible();
  await expect(bruno.page.getByRole('link', { name: /Not sent/ })).toHaveCount(0);
  await expect(bruno.page).toHaveTitle(/^Mesh/);
  expect([alice.troubles, bruno.troubles]).toEqual([[], []]);
});
