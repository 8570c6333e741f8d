/** Hostile text typed into every field there is, and looked at wherever it is shown; what hides or turns text is refused in words. */
import { expect, test } from '@playwright/test';
import { Box } from './box';
import { act, claim, inRoom, inviteLink, open, PASSWORD, say, type Someone } from './team';
import { isClean, KINDS, NAUGHTY, through, watched, watchedPair } from './watch';

let box: Box;
test.beforeEach(async () => {
  box = new Box();
  await box.start();
});
test.afterEach(async () => box.dispose());

/** With a turn of direction, with a character that nobody sees, without a letter. */
const REFUSED = ['\u202eevil', 'a\u200bb', '---'];
const MOST = 48;

test('before there is an owner: team, name and user name', async ({ browser }) => {
  const alice = await watched(browser, 'Alice');
  const { page } = alice;
  await page.goto(`${box.url}/welcome`);
  // The first tries at a code are free.
  for (const code of KINDS.slice(0, 2)) {
    await page.getByLabel('Claim code').fill(code.slice(0, 12));
    await page.getByRole('button', { name: 'Continue' }).click();
    await expect(page.getByRole('alert').filter({ hasText: 'This code is not right' })).toBeVisible();
  }
  await page.getByLabel('Claim code').fill(box.claimCode());
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('Name of your team').waitFor();
  // The password is refused last, so that nothing is made.
  const good = { team: 'Atelier', name: 'Alice', userName: 'alice', password: 'short' };
  for (const field of ['team', 'name', 'userName', 'password']) {
    const outcomes = await through(page, 'POST', '/claim/owner', { ...good, [field]: 'TEXT' }, field === 'password' ? NAUGHTY.filter((text) => text.length < 10) : NAUGHTY);
    for (const one of outcomes) expect(`${one.status} ${one.code}`, JSON.stringify(one)).toBe('422 field_invalid');
    const passed = outcomes.filter((one) => one.field === 'password').length;
    if (field === 'team' || field === 'name') expect(passed, field).toBeGreaterThan(150);
    if (field === 'userName') expect(passed, field).toBeLessThan(60);
  }
  await page.getByLabel('Name of your team').fill(KINDS[0]);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  for (const [label, hint] of [['Your name', 'without invisible ones'], ['User name', 'Use letters, digits']] as const) {
    await page.getByLabel('Your name').fill(KINDS[1]);
    await page.getByLabel('User name').fill('alice');
    await page.getByLabel(label).fill(label === 'Your name' ? REFUSED[0]! : KINDS[0]);
    await page.getByRole('button', { name: 'Create the team' }).click();
    await expect(page.locator('.error').filter({ hasText: hint })).toBeVisible();
  }
  await page.getByLabel('User name').fill('alice');
  await page.getByRole('button', { name: 'Create the team' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: /Skip|Finish/ }).click();
  await inRoom(alice, 'general');
  await expect(page.locator('.room-column header')).toContainText(KINDS[0]);
  // Signing in names the team, and takes text.
  const stranger = await watched(browser, 'Stranger');
  await stranger.page.goto(box.url);
  await expect(stranger.page.getByRole('heading', { level: 1 })).toContainText(KINDS[0]);
  await stranger.page.getByLabel('User name').fill(KINDS[1].slice(0, 32));
  await stranger.page.getByLabel('Password', { exact: true }).fill(KINDS[0]);
  await stranger.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(stranger.page.getByRole('alert').filter({ hasText: 'User name or password is not right' })).toBeVisible();
  isClean(alice, stranger);
});

/** What somebody types into one field after the other, each time with another of the kinds. */
async function typeEverywhere(one: Someone, turn: number): Promise<string> {
  const { page } = one;
  const kind = (field: number) => KINDS[(turn + field) % KINDS.length]!;
  const short = (field: number) => kind(field).slice(0, MOST);
  const save = page.getByRole('button', { name: 'Save', exact: true });
  await page.getByRole('link', { name: 'Admin' }).click();
  await page.getByLabel('Name of your team').fill(short(0));
  await save.click();
  await expect(page.locator('.room-column header b')).toHaveText(short(0));
  await page.getByRole('link', { name: 'Invites' }).click();
  await page.getByLabel('For whom').fill(short(1));
  await page.getByRole('button', { name: 'Make a link' }).click();
  await expect(page.getByRole('main')).toContainText(`Link for ${short(1)}`);
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByLabel('Your name').fill(short(2));
  await save.click();
  await expect(page.locator('.avatar-button')).toHaveAttribute('title', `${short(2)}: presence and sign-out`);
  await page.locator('.avatar-button').click();
  await page.getByRole('menuitem', { name: 'Set a status text' }).click();
  await page.getByRole('textbox', { name: 'Status text' }).fill(kind(3));
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'New room' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name', { exact: true }).fill(`new ${turn}`);
  await dialog.getByLabel('Topic').fill(kind(0));
  await dialog.getByRole('button', { name: 'Create room' }).click();
  await inRoom(one, `new ${turn}`);
  await expect(page.locator('.page-head .topic')).toHaveText(kind(0));
  await page.locator('.page-head').getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Room settings' }).click();
  const name = `${turn} ${kind(4)}`.slice(0, MOST).trim();
  await dialog.getByLabel('Name', { exact: true }).fill(name);
  await dialog.getByLabel('Topic').fill(kind(1));
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
  await expect(page).toHaveTitle(`Mesh · ${short(0)}`);
  await expect(page.getByRole('log')).toContainText(`renamed the room to ${name}.`);
  return name;
}

/** Writes, edits, answers and looks for one of the kinds in the room that is open. */
async function writeEverywhere(one: Someone, turn: number) {
  const { page } = one;
  const text = KINDS[turn]!;
  const article = page.locator('article.message:not(.pending)');
  await say(one, text);
  await expect(article).toHaveCount(1);
  await page.locator('#composer').press('ArrowUp');
  await expect(page.locator('.composer-mode')).toContainText('Editing your message');
  await expect(page.locator('#composer')).toHaveValue(text);
  await say(one, `${text} again`);
  await expect(article).toContainText('edited');
  await act(one, 'again', 'Reply');
  await expect(page.locator('.composer-mode')).toContainText('Reply to');
  await say(one, `@${text}`);
  await expect(article.nth(1).locator('.answered')).toBeVisible();
  await act(one, `@${text.slice(0, 3)}`, 'Pin');
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  await page.getByLabel('Search messages').fill(text);
  await expect(page.locator('.side-panel .hit, .side-panel .empty').first()).toBeVisible();
  await page.getByLabel('Search messages').fill('again');
  await expect(page.locator('.side-panel .hit').first()).toContainText('again');
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Jump to' });
  await palette.getByRole('combobox').fill(text);
  await expect(palette.getByRole('option').first()).toBeVisible();
  await palette.getByRole('combobox').fill('canary');
  await expect(palette.getByRole('option').first()).toContainText('canary()');
  await page.keyboard.press('Escape');
}

test('typed by hand into every field, and everywhere it is shown', async ({ browser }) => {
  test.setTimeout(180_000);
  const [alice, bruno] = await watchedPair(box, browser);
  await say(bruno, 'here I am');
  const rooms: string[] = [];
  for (const turn of KINDS.keys()) {
    rooms.push(await typeEverywhere(alice, turn));
    await writeEverywhere(alice, turn);
    isClean(alice, bruno);
  }
  for (const room of rooms) await expect(bruno.page.getByRole('link', { name: room, exact: true })).toBeVisible();
  await bruno.page.getByRole('link', { name: rooms[0]!, exact: true }).click();
  await bruno.page.getByRole('button', { name: 'Join', exact: true }).click();
  await expect(bruno.page.getByRole('log')).toBeVisible();
  for (const tab of ['people', 'invites', 'rooms']) {
    await alice.page.goto(`${box.url}/admin/${tab}`);
    await expect(alice.page.locator('.data-table')).toContainText('canary()');
  }
  await alice.page.getByRole('row', { name: rooms[1]! }).getByRole('button', { name: 'Room settings' }).click();
  await alice.page.getByRole('button', { name: 'Delete room' }).click();
  await expect(alice.page.getByRole('dialog')).toContainText(`Delete ${rooms[1]!}?`);
  await alice.page.getByRole('dialog').getByRole('textbox').fill(KINDS[0]);
  await alice.page.goto(`${box.url}/settings/about`);
  await expect(alice.page.getByRole('main')).toContainText('canary()');
  const stranger = await watched(browser, 'Stranger');
  await stranger.page.goto(await inviteLink(box, alice, KINDS[0]));
  await expect(stranger.page.getByRole('heading', { level: 1 })).toContainText('canary()');
  await expect(stranger.page.getByLabel('Your name')).toHaveValue(KINDS[0]);
  isClean(alice, bruno, stranger);
});

test('what hides or turns text around is refused in words, in every field for a name', async ({ browser }) => {
  const alice = await watched(browser, 'Alice');
  await claim(box, alice);
  const { page } = alice;
  const refused = page.getByText('A field has a value that is not allowed.').first();
  const tries: [string, string, string][] = [['/admin/people', 'Name of your team', 'Save'], ['/settings/profile', 'Your name', 'Save'], ['/admin/invites', 'For whom', 'Make a link']];
  for (const [path, label, button] of tries) {
    for (const text of REFUSED) {
      await page.goto(box.url + path);
      await page.getByLabel(label).fill(text);
      await page.getByRole('button', { name: button }).click();
      await expect(refused).toBeVisible();
    }
    await page.getByLabel(label).fill('   ');
    if (button === 'Save') await expect(page.getByRole('button', { name: button })).toBeDisabled();
  }
  await open(alice, 'general');
  await page.getByRole('button', { name: 'New room' }).click();
  for (const [label, text] of [...REFUSED.map((one) => ['Name', one] as const), ['Topic', REFUSED[0]!] as const]) {
    await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('good');
    await page.getByRole('dialog').getByLabel(label, { exact: true }).fill(text);
    await page.getByRole('button', { name: 'Create room' }).click();
    await expect(refused).toBeVisible();
  }
  isClean(alice);
});
