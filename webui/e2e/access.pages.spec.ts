/** Pages of an owner and what opens over them, in every look: dialogs, settings, admin, and a box that goes away. */
import { expect, test, type Page } from '@playwright/test';
import { Box } from './box';
import { escape, hop, inspect, LOOKS, nameOf, visit, visitPage, wordsOf, type Look } from './looks';
import { inviteLink, PASSWORD, post, team, type Someone } from './team';

let box: Box;
let alice: Someone;
let quiet = '';

test.beforeAll(async ({ browser }) => {
  box = new Box();
  await box.start();
  [alice] = (await team(box, browser, ['Alice', 'Bruno'])) as [Someone];
  quiet = `/r/${(await post(alice, '/rooms', { name: 'quiet', topic: 'What it is about', visibility: 'open', members: [] })).room}`;
  await inviteLink(box, alice, 'Chloe');
});
test.afterAll(async () => box.dispose());

const go = (page: Page, path: string) => visitPage(page, box.url + path);
const follow = (page: Page, path: string) => hop(page, box.url + path);

async function dialogs(one: Someone, look: Look) {
  const { page } = one;
  const words = wordsOf(look);
  await go(page, quiet);
  await page.locator('#composer').waitFor();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').waitFor();
  await inspect(page, 'palette', 'dialog');
  await page.keyboard.type('zzzz');
  await page.getByText(words.palette.nothing).waitFor();
  await inspect(page, 'palette without results', 'dialog');
  await escape(page);
  await page.keyboard.press('Control+/');
  await page.getByRole('dialog').waitFor();
  await inspect(page, 'shortcuts', 'dialog');
  await escape(page);
  await page.getByRole('button', { name: words.room.more, exact: true }).first().click();
  await inspect(page, 'menu of a room', '.menu:popover-open');
  await page.getByRole('menuitem', { name: words.room.settings }).locator('visible=true').click();
  await page.getByRole('dialog').waitFor();
  await inspect(page, 'room settings', 'dialog');
  await page.getByRole('button', { name: words.room.delete }).click();
  await page.getByText(words.room.deleteText).waitFor();
  await inspect(page, 'delete a room', 'dialog');
  // Back to the settings first.
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: words.room.delete }).waitFor();
  await escape(page);
  await page.locator('.avatar-button').click();
  await inspect(page, 'presence', '.menu:popover-open');
  await page.getByRole('menuitem', { name: words.presence.setText }).locator('visible=true').click();
  await page.getByRole('dialog').waitFor();
  await inspect(page, 'status text', 'dialog');
  await escape(page);
  await follow(page, '/');
  if (look.width > 760) await page.locator('#composer').waitFor();
  await page.getByRole('button', { name: words.room.create }).click();
  await page.getByRole('dialog').waitFor();
  await inspect(page, 'new room', 'dialog');
  await page.getByLabel(words.room.name, { exact: true }).fill('general');
  await page.getByRole('button', { name: words.room.createAction }).click();
  await page.getByText(words.errors.room_name_taken).waitFor();
  await inspect(page, 'new room with a taken name', 'dialog');
  await escape(page);
}

async function settings({ page }: Someone, look: Look) {
  const words = wordsOf(look);
  for (const tab of ['profile', 'security', 'appearance', 'accessibility', 'shortcuts', 'about'] as const) {
    await follow(page, `/settings/${tab}`);
    await page.getByRole('heading', { level: 2, name: words.settings[tab] }).waitFor();
    if (tab === 'security') await page.getByRole('table').waitFor();
    await inspect(page, `settings, ${tab}`);
    if (tab !== 'shortcuts') continue;
    await page.getByRole('button', { name: words.shortcuts.changeOf(words.shortcuts.names.regionNext) }).click();
    await page.getByText(words.shortcuts.press).waitFor();
    await page.keyboard.press('Control+k');
    await page.locator('.error-line').waitFor();
    await inspect(page, 'shortcut that is taken');
  }
  await follow(page, '/settings/security');
  await page.getByLabel(words.settings.currentPassword).fill('not this one at all');
  await page.getByLabel(words.settings.newPassword).fill('another one, long enough');
  await page.getByRole('button', { name: words.settings.changePassword }).click();
  await page.getByText(words.errors.credentials_wrong).waitFor();
  await inspect(page, 'settings with a wrong password');
}

async function admin({ page }: Someone, look: Look) {
  const words = wordsOf(look);
  for (const tab of ['people', 'invites', 'rooms', 'trust'] as const) {
    await follow(page, `/admin/${tab}`);
    await page.getByRole('main').getByRole('heading', { level: 2, name: words.admin[tab] }).waitFor();
    await page.locator('.data-table, .fingerprint').first().waitFor();
    await inspect(page, `admin, ${tab}`);
  }
  await follow(page, '/admin/people');
  await page.getByRole('button', { name: words.invite.invite }).click();
  await page.getByLabel(words.invite.name).fill('Dan');
  await page.getByRole('button', { name: words.invite.make }).click();
  await page.getByRole('img', { name: words.invite.qr }).waitFor();
  await inspect(page, 'invite with its code', 'dialog');
  await escape(page);
  const choose = async (name: string) => {
    await page.getByRole('button', { name: words.admin.personMenu('Bruno') }).click();
    await page.getByRole('menuitem', { name }).locator('visible=true').click();
  };
  await page.getByRole('button', { name: words.admin.personMenu('Bruno') }).click();
  await inspect(page, 'menu of a person', '.menu:popover-open');
  await escape(page);
  await choose(words.admin.remove);
  await page.getByText(words.admin.removeText).waitFor();
  await inspect(page, 'remove somebody', 'dialog');
  await escape(page);
  await choose(words.admin.reset);
  await page.getByRole('img', { name: words.invite.qr }).waitFor();
  await inspect(page, 'link for a new password', 'dialog');
  await escape(page);
  await page.route('**/reset', (route) => route.fulfill({ status: 403, json: { code: 'reauthentication_needed', message: '' } }));
  await choose(words.admin.reset);
  await page.getByText(words.session.confirmText).waitFor();
  await inspect(page, 'password, please', 'dialog');
  await escape(page);
  await page.unrouteAll();
  await page.route('**/api/v1/people', (route) => route.abort());
  await go(page, '/admin/people');
  await page.getByText(words.admin.failed).waitFor();
  await inspect(page, 'list that could not be loaded');
  await page.unrouteAll();
  await follow(page, '/nowhere');
  await page.getByRole('heading', { level: 1, name: words.app.notFound }).waitFor();
  await inspect(page, 'not found');
}

/** The box goes away and comes back; what it says meanwhile. */
async function away({ page }: Someone, look: Look) {
  const words = wordsOf(look);
  await page.clock.install();
  const dialogs = page.waitForResponse(/SessionDialogs/);
  await go(page, quiet);
  await page.locator('#composer').waitFor();
  await dialogs;
  await box.stop();
  await page.locator('#composer').fill('not yet sent');
  await page.locator('#composer').press('Enter');
  await page.getByText(words.chat.waiting).waitFor();
  await page.getByText(words.link.restarting).waitFor();
  await inspect(page, 'box that restarts, message that waits');
  await page.clock.fastForward(61_000);
  await expect(page.locator('.banner')).not.toContainText(words.link.restarting);
  await inspect(page, 'box that is gone for long');
  await page.locator('.avatar-button').click();
  await page.getByRole('menuitem', { name: words.app.signOut }).locator('visible=true').click();
  await page.getByText(words.session.leaveTitle).waitFor();
  await inspect(page, 'leaving with something not sent', 'dialog');
  await box.start();
}

/** What the box says of itself, and its last word. */
async function told(one: Someone, look: Look) {
  const { page } = one;
  const words = wordsOf(look);
  let tell = (_message: object) => {};
  let end = (_code: number) => {};
  await page.routeWebSocket('**/api/v1/ws', (socket) => {
    socket.connectToServer();
    tell = (message) => socket.send(JSON.stringify(message));
    end = (code) => void socket.close({ code });
  });
  await go(page, quiet);
  await page.locator('#composer').waitFor();
  await page.waitForTimeout(500);
  tell({ type: 'storage', state: 'full' });
  await page.getByText(words.link.diskFull).waitFor();
  await inspect(page, 'full disk', '.banners');
  end(4002);
  await page.getByText(words.link.outdated).waitFor();
  await inspect(page, 'page of another version', '.banners');
}

async function endedSession(one: Someone, look: Look) {
  const { page } = one;
  const words = wordsOf(look);
  await page.goto(box.url);
  await page.getByLabel(words.session.userName).fill('bruno');
  await page.getByLabel(words.session.password, { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: words.session.signIn, exact: true }).click();
  await page.locator('nav').first().waitFor();
  await post(one, '/sessions?all=true', {}, 'DELETE');
  await page.getByText(words.session.ended).waitFor();
  await inspect(page, 'session that has ended');
}

for (const look of LOOKS) {
  test(nameOf(look), async ({ browser }) => {
    const one = await visit(browser, look, { storageState: await alice.context.storageState() });
    for (const part of [dialogs, settings, admin, told]) await part(one, look);
    const other = await visit(browser, look, { storageState: await alice.context.storageState() });
    await away(other, look);
    const bruno = await visit(browser, look);
    await endedSession(bruno, look);
    expect([...one.troubles, ...other.troubles, ...bruno.troubles]).toEqual([]);
    for (const { context } of [one, other, bruno]) await context.close();
  });
}
