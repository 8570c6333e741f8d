/** Networks break and boxes restart; nothing is lost, nothing is said twice. */
import { expect, test } from '@playwright/test';
import { Box } from './box';
import { hears, inRoom, message, say, team, type Someone } from './team';

let box: Box;
test.beforeEach(async () => {
  box = new Box();
  await box.start();
});
test.afterEach(async () => box.dispose());

async function everybodyHas(people: Someone[], texts: string[]) {
  for (const one of people) for (const text of texts) await hears(one, text);
}

test('one is cut off, both sides write, the network heals', async ({ browser }) => {
  const people = await team(box, browser, ['Alice', 'Bruno']);
  const [alice, bruno] = people as [Someone, Someone];
  await say(alice, 'before');
  await hears(bruno, 'before');
  await bruno.context.setOffline(true);
  // An open connection survives the emulated cut of new ones: the box is what goes away for it.
  await bruno.page.evaluate(() => dispatchEvent(new Event('offline')));
  await say(bruno, 'written in the dark');
  await say(alice, 'meanwhile, one');
  await say(alice, 'meanwhile, two');
  await bruno.context.setOffline(false);
  await everybodyHas(people, ['before', 'written in the dark', 'meanwhile, one', 'meanwhile, two']);
  for (const one of people) expect(one.troubles).toEqual([]);
});

test('the box is killed under them, writing goes on, everything arrives once', async ({ browser }) => {
  const people = await team(box, browser, ['Alice', 'Bruno', 'Chloe']);
  const [alice, bruno, chloe] = people as [Someone, Someone, Someone];
  await say(alice, 'message 0');
  await everybodyHas(people, ['message 0']);
  await box.stop('SIGKILL');
  await say(alice, 'message 1 of Alice');
  await say(bruno, 'message 1 of Bruno');
  await say(chloe, 'message 1 of Chloe');
  await expect(alice.page.locator('.pending')).toContainText('Waiting for the box');
  await expect(alice.page).toHaveTitle(/1 ⏳/);
  await expect(alice.page.getByText('Reconnecting… Messages wait and will be sent.')).toBeVisible();
  await box.start();
  await everybodyHas(people, ['message 1 of Alice', 'message 1 of Bruno', 'message 1 of Chloe']);
  await expect(alice.page.locator('.pending')).toHaveCount(0);
  await expect(alice.page.getByText('Reconnecting…')).toHaveCount(0);
});

test('what waits and what is half written survive a reload without the box', async ({ browser }) => {
  const [alice] = (await team(box, browser, ['Alice'])) as [Someone];
  await say(alice, 'on the box');
  await hears(alice, 'on the box');
  await alice.page.waitForTimeout(1_500);
  await box.stop();
  await say(alice, 'not yet sent');
  await expect(alice.page.locator('.pending')).toContainText('not yet sent');
  await alice.page.locator('#composer').fill('half a thought');
  await alice.page.waitForTimeout(300);
  await box.start();
  await alice.page.reload();
  await inRoom(alice, 'general');
  await expect(alice.page.locator('#composer')).toHaveValue('half a thought');
  await hears(alice, 'not yet sent');
  await expect(message(alice, 'not yet sent')).toHaveCount(1);
});

test('a page that is older than the box takes its parts from the new one', async ({ browser }) => {
  const [alice] = (await team(box, browser, ['Alice'])) as [Someone];
  await alice.page.locator('#composer').fill('half a thought');
  // A part of the old version, which the box no longer has.
  await alice.page.route('**/assets/PeoplePanel-*.js', (route) => route.fulfill({ status: 404, body: '' }), { times: 1 });
  await alice.page.getByRole('button', { name: 'People in the room' }).click();
  await expect(alice.page.getByRole('complementary')).toContainText('@alice');
  await expect(alice.page.locator('#composer')).toHaveValue('half a thought');
});

test('a graceful stop tells everybody to resume', async ({ browser }) => {
  const people = await team(box, browser, ['Alice', 'Bruno']);
  const [alice, bruno] = people as [Someone, Someone];
  const started = Date.now();
  await box.stop('SIGTERM');
  expect(Date.now() - started).toBeLessThan(3_500);
  await expect(alice.page.getByText('The box restarts. Messages wait and will be sent.')).toBeVisible();
  await box.start();
  await say(alice, 'after the restart');
  await hears(bruno, 'after the restart');
});
