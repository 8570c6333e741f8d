/** Networks break and boxes restart; nothing is lost, nothing is said twice. */
import { expect, test, type Browser } from '@playwright/test';
import { Box } from './box';
import { Cable } from './cable';
import { hears, inRoom, message, say, team, type Someone } from './team';

let box: Box;
let cable: Cable;
test.beforeEach(async () => {
  [box, cable] = [new Box(), new Cable()];
  await Promise.all([box.start(), cable.start()]);
});
test.afterEach(async () => {
  cable.stop();
  await box.dispose();
});

async function everybodyHas(people: Someone[], texts: string[]) {
  for (const one of people) for (const text of texts) await hears(one, text);
}

/** The messages of the room as somebody sees them, in order. */
function read(one: Someone): Promise<string[]> {
  return one.page.locator('article.message:not(.pending) .markdown').allInnerTexts();
}

/** Nothing waits any more, and everybody has exactly `texts`, once each and in the same order. */
async function agree(people: Someone[], texts: string[]) {
  const [first] = people as [Someone];
  for (const one of people) {
    await expect(one.page.locator('.pending')).toHaveCount(0, { timeout: 45_000 });
    for (const text of texts) await expect(message(one, text)).toHaveCount(1, { timeout: 30_000 });
  }
  const order = await read(first);
  expect([...order].sort()).toEqual([...texts].sort());
  for (const one of people) expect(await read(one), one.name).toEqual(order);
}

const away = (one: Someone) => one.page.getByText('Reconnecting… Messages wait and will be sent.');

/** Alice at the box, Bruno at the end of a cable. */
async function wired(browser: Browser): Promise<[Someone, Someone]> {
  const [alice, bruno] = (await team(box, browser, ['Alice', 'Bruno'], { Bruno: { more: { proxy: cable.proxy } } })) as [Someone, Someone];
  await say(alice, 'before');
  await hears(bruno, 'before');
  expect(cable.made, 'connections through the cable').toBeGreaterThan(0);
  return [alice, bruno];
}

/** Both write while Bruno has no network; neither sees what the other wrote. */
async function writeApart(alice: Someone, bruno: Someone): Promise<string[]> {
  await say(bruno, 'written in the dark');
  for (const text of ['meanwhile, one', 'meanwhile, two']) {
    await say(alice, text);
    await hears(alice, text);
  }
  return ['before', 'written in the dark', 'meanwhile, one', 'meanwhile, two'];
}

async function areApart(alice: Someone, bruno: Someone) {
  await expect(bruno.page.locator('.pending')).toContainText('written in the dark');
  await expect(bruno.page.locator('.pending')).toContainText('Waiting for the box');
  await expect(message(bruno, 'meanwhile')).toHaveCount(0);
  await expect(message(alice, 'written in the dark')).toHaveCount(0);
}

test('the network of one is cut, both sides write, it heals', async ({ browser }) => {
  const [alice, bruno] = await wired(browser);
  cable.cut();
  const texts = await writeApart(alice, bruno);
  await expect(away(bruno)).toBeVisible();
  await areApart(alice, bruno);
  expect(cable.lost, 'dials in vain').toBeGreaterThan(0);
  await expect(away(alice)).toHaveCount(0);
  cable.mend();
  await agree([alice, bruno], texts);
  await expect(away(bruno)).toHaveCount(0);
  expect([...alice.troubles, ...bruno.troubles]).toEqual([]);
});

test('the network of one swallows everything without a word, and gives it back late', async ({ browser }) => {
  const [alice, bruno] = await wired(browser);
  cable.stall();
  const since = Date.now();
  const texts = await writeApart(alice, bruno);
  await expect(away(bruno)).toBeVisible({ timeout: 25_000 });
  expect(Date.now() - since, 'until it is said').toBeLessThan(25_000);
  await areApart(alice, bruno);
  // The line of before arrives at the box from the old connection and from the new one.
  cable.mend();
  await agree([alice, bruno], texts);
  await expect(away(bruno)).toHaveCount(0);
  expect([...alice.troubles, ...bruno.troubles]).toEqual([]);
});

test('the network of one fails again and again while both write', async ({ browser }) => {
  const [alice, bruno] = await wired(browser);
  const texts = ['before'];
  for (let turn = 0; turn < 6; turn += 1) {
    for (const one of turn < 3 ? [alice, bruno] : [bruno, alice]) {
      for (const part of ['a', 'b', 'c']) {
        const text = `${one.name} ${turn}${part}`;
        texts.push(text);
        await say(one, text);
      }
      // In the middle of what Bruno hears, of what he sends, and of coming back.
      if (turn % 2 === 0) cable.cut();
      else cable.stall();
    }
    await bruno.page.waitForTimeout(300 * turn);
    cable.mend();
    await bruno.page.waitForTimeout(200 * (turn % 3));
  }
  await agree([alice, bruno], texts);
  expect([...alice.troubles, ...bruno.troubles]).toEqual([]);
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
