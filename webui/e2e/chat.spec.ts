/** A team claims the box, joins in browsers of its own, and chats with everything there is. */
import { expect, test } from '@playwright/test';
import { Box } from './box';
import { act, arrive, claim, hears, inRoom, inviteLink, join, message, open, PASSWORD, say, team, type Someone } from './team';

let box: Box;
test.beforeEach(async () => {
  box = new Box();
  await box.start();
});
test.afterEach(async () => box.dispose());

function calm(people: Someone[]) {
  for (const one of people) expect(one.troubles, one.name).toEqual([]);
}

async function signIn(one: Someone, userName: string) {
  await one.page.getByLabel('User name').fill(userName);
  await one.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await one.page.getByRole('button', { name: 'Sign in' }).click();
}

test('four people join by invites and chat with everything', async ({ browser }) => {
  const people = await team(box, browser, ['Alice', 'Bruno', 'Chloe', 'Dan']);
  const [alice, bruno, chloe, dan] = people as [Someone, Someone, Someone, Someone];

  await say(alice, 'The **build** is green again');
  for (const one of people) await hears(one, 'The build is green again');
  await expect(message(bruno, 'The build is green again').locator('strong')).toHaveText('build');

  await say(bruno, 'well done @alice');
  await hears(alice, 'well done @Alice');
  await expect(message(alice, 'well done')).toHaveClass(/mentions/);
  await expect(message(chloe, 'well done')).not.toHaveClass(/mentions/);

  await act(chloe, 'well done', 'Reply');
  await say(chloe, 'indeed');
  await expect(message(dan, 'indeed').locator('.answered')).toContainText('well done');

  await act(alice, 'The build is green again', 'Edit');
  await say(alice, 'The build is green, really');
  await hears(dan, 'The build is green, really');
  await expect(message(dan, 'really')).toContainText('edited');
  await act(dan, 'really', 'Former texts');
  await expect(dan.page.getByRole('dialog')).toContainText('The **build** is green again');
  await dan.page.keyboard.press('Escape');

  await message(bruno, 'really').hover();
  await message(bruno, 'really').getByRole('button', { name: 'React' }).click();
  await bruno.page.getByRole('menuitem', { name: '🎉' }).locator('visible=true').click();
  await expect(message(alice, 'really').locator('.reactions')).toContainText('🎉 1');
  await message(alice, 'really').locator('.reactions button').click();
  await expect(message(dan, 'really').locator('.reactions')).toContainText('🎉 2');

  await act(alice, 'indeed', 'Pin');
  await expect(message(bruno, 'indeed')).toContainText('Pinned');
  await bruno.page.getByRole('button', { name: 'More', exact: true }).first().click();
  await bruno.page.getByRole('menuitem', { name: 'Pinned messages' }).locator('visible=true').click();
  await expect(bruno.page.getByRole('complementary')).toContainText('indeed');

  await act(bruno, 'well done', 'Delete');
  await expect(message(bruno, 'well done')).toHaveCount(0);
  await bruno.page.getByRole('button', { name: 'Undo' }).click();
  await hears(bruno, 'well done');
  await act(bruno, 'well done', 'Delete');
  await expect(message(alice, 'Message deleted')).toHaveCount(1, { timeout: 15_000 });

  await dan.page.locator('#composer').pressSequentially('hm');
  await expect(alice.page.getByText('Dan is writing…')).toBeVisible();
  calm(people);
});

test('unread counts are exact on all devices, and search finds without accents', async ({ browser }) => {
  const people = await team(box, browser, ['Alice', 'Bruno']);
  const [alice, bruno] = people as [Someone, Someone];
  await bruno.page.goto(`${box.url}/settings/profile`);
  const badge = () => bruno.page.getByRole('link', { name: /general/ });
  await say(alice, 'un café à la récré');
  await say(alice, 'hello @bruno');
  await expect(badge()).toHaveAccessibleName(/2 unread messages, 1 mention/);
  await expect(bruno.page).toHaveTitle(/\(1\)/);
  await badge().click();
  await expect(bruno.page.locator('.unread-line')).toContainText('2 new messages');
  await bruno.page.bringToFront();
  await expect(badge()).not.toHaveAccessibleName(/unread/);
  await expect(message(alice, 'hello @Bruno').locator('.seen')).toContainText('Seen by Bruno');

  await bruno.page.getByRole('button', { name: 'Search', exact: true }).click();
  await bruno.page.getByLabel('Search messages').fill('cafe recre');
  const hit = bruno.page.getByRole('link', { name: /un café à la récré/ });
  await expect(hit).toBeVisible();
  await hit.click();
  await expect(message(bruno, 'un café')).toHaveClass(/target/);
  calm(people);
});

test('direct messages are for two, and a fifth member is refused in words', async ({ browser }) => {
  const people = await team(box, browser, ['Alice', 'Bruno', 'Chloe', 'Dan']);
  const [alice, bruno] = people as [Someone, Someone];
  await alice.page.getByRole('button', { name: /Bruno/ }).first().click();
  await expect(alice.page.getByRole('heading', { level: 1, name: 'Bruno' })).toBeVisible();
  await say(alice, 'just between us');
  await open(bruno, 'Alice');
  await hears(bruno, 'just between us');

  const eve = await arrive(browser, 'Eve');
  const link = await inviteLink(box, alice, 'Eve');
  await eve.page.goto(link);
  await eve.page.getByLabel('Your name').fill('Eve');
  await eve.page.getByLabel('User name').fill('eve');
  await eve.page.getByLabel('Password', { exact: true }).fill('correct horse battery');
  await eve.page.getByRole('button', { name: 'Join' }).click();
  await eve.page.getByRole('link', { name: 'general' }).click();
  await expect(eve.page.getByText('This room is full: a room has four members at most.')).toBeVisible();
  calm([...people, eve]);
});

test('a session that is signed out elsewhere ends at once', async ({ browser }) => {
  const [alice] = (await team(box, browser, ['Alice'])) as [Someone];
  const second = await arrive(browser, 'Alice');
  await second.page.goto(box.url);
  await second.page.getByLabel('User name').fill('alice');
  await second.page.getByLabel('Password', { exact: true }).fill('correct horse battery');
  await second.page.getByRole('button', { name: 'Sign in' }).click();
  await expect(second.page.getByRole('heading', { level: 1, name: 'general' })).toBeVisible();
  await alice.page.goto(`${box.url}/settings/security`);
  await alice.page.getByRole('button', { name: 'Sign out everywhere else' }).click();
  await expect(second.page.getByRole('heading', { name: 'Your session has ended' })).toBeVisible({ timeout: 3_000 });
});

test('what was not sent survives the end of a session, for its author only', async ({ browser }) => {
  const [alice, bruno] = (await team(box, browser, ['Alice', 'Bruno'])) as [Someone, Someone];
  await box.stop();
  await say(alice, 'written before the end');
  await alice.page.locator('#composer').fill('half a thought');
  await expect(alice.page.locator('.pending')).toContainText('Waiting for the box');
  // Cookies go while the box is away: to the box, the session is over.
  await alice.context.clearCookies();
  await box.start();
  const ended = alice.page.getByRole('heading', { name: 'Your session has ended' });
  await expect(ended).toBeVisible({ timeout: 20_000 });
  await alice.page.reload();
  await expect(ended).toBeVisible();
  await expect(alice.page.getByText('1 message of @alice is kept here and sent when @alice signs in.')).toBeVisible();
  await expect(alice.page.getByLabel('User name')).toHaveValue('alice');

  await signIn(alice, 'bruno');
  await inRoom(alice, 'general');
  await expect(alice.page.locator('#composer')).toHaveValue('');
  await alice.page.getByRole('button', { name: 'Bruno: presence and sign-out' }).click();
  await alice.page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(alice.page.getByRole('heading', { name: /Sign in/ })).toBeVisible();
  await expect(message(bruno, 'written before the end')).toHaveCount(0);

  await signIn(alice, 'alice');
  await inRoom(alice, 'general');
  await expect(alice.page.locator('#composer')).toHaveValue('half a thought');
  await hears(bruno, 'written before the end');
  await expect(message(bruno, 'written before the end')).toContainText('Alice');

  await alice.page.getByRole('button', { name: 'Alice: presence and sign-out' }).click();
  await alice.page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(alice.page.getByRole('dialog')).toContainText('Signing out erases what is on this browser: 1 draft.');
  await alice.page.getByRole('button', { name: 'Sign out and erase' }).click();
  await signIn(alice, 'alice');
  await inRoom(alice, 'general');
  await expect(alice.page.locator('#composer')).toHaveValue('');
  calm([alice, bruno]);
});

test('invites work once, and say why when they do not', async ({ browser }) => {
  const alice = await arrive(browser, 'Alice');
  await claim(box, alice);
  const link = await inviteLink(box, alice, 'Bruno');
  const bruno = await arrive(browser, 'Bruno');
  await join(bruno, link);
  const late = await arrive(browser, 'Late');
  await late.page.goto(link);
  await expect(late.page.getByText('This link was used already. Ask Alice for a new one.')).toBeVisible();
  await late.page.goto(`${box.url}/i/nonsense`);
  await expect(late.page.getByText('This link is not one of ours')).toBeVisible();
  const revoked = await inviteLink(box, alice, 'Nobody');
  await alice.page.getByRole('button', { name: 'Revoke' }).first().click();
  await expect(alice.page.getByText('revoked')).toBeVisible();
  await late.page.goto(revoked);
  await expect(late.page.getByText('This link was taken back. Ask Alice for a new one.')).toBeVisible();
});
