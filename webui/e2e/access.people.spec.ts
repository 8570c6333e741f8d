/** What only some people meet, in every look: reading, a full room, guests, a way back in; and the list that is a drawer. */
import { expect, test, type Browser, type BrowserContextOptions, type Page } from '@playwright/test';
import { Box } from './box';
import { hop, inspect, LOOKS, nameOf, visit, visitPage, wordsOf, type Look } from './looks';
import { arrive, claim, hears, PASSWORD, post, say, type Someone } from './team';

type State = NonNullable<BrowserContextOptions['storageState']>;

let box: Box;
let alice: Someone;
let guestLink = '';
const states: Record<'owner' | 'reader' | 'guest', State> = { owner: '', reader: '', guest: '' };
const at = { general: '', full: '', read: '' };

/** Somebody who follows an invite into `rooms`, without the screens for it; gives what their browser keeps. */
async function joins(browser: Browser, name: string, role: 'member' | 'guest', rooms: string[]): Promise<{ state: State; user: string }> {
  const { token } = await post(alice, '/invites', { name, role, rooms, expiresIn: 3600 });
  const one = await arrive(browser, name);
  await one.page.goto(box.url);
  const account = await post(one, `/invite/${token}/accept`, { name, userName: name.toLowerCase(), password: role === 'guest' ? '' : PASSWORD });
  const state = await one.context.storageState();
  await one.context.close();
  return { state, user: (account['user'] as unknown as { id: string }).id };
}

const roomOf = (path: string) => path.slice(3);
const make = async (name: string, members: string[]) => `/r/${(await post(alice, '/rooms', { name, topic: 'What it is about', visibility: 'open', members })).room}`;

test.beforeAll(async ({ browser }) => {
  box = new Box();
  await box.start();
  alice = await arrive(browser, 'Alice');
  await claim(box, alice);
  at.general = new URL(alice.page.url()).pathname;
  await say(alice, 'welcome, all of you');
  await hears(alice, 'welcome, all of you');
  const bruno = await joins(browser, 'Bruno', 'member', []);
  const chloe = await joins(browser, 'Chloe', 'member', []);
  const dan = await joins(browser, 'Dan', 'member', []);
  const eve = await joins(browser, 'Eve', 'member', [roomOf(at.general)]);
  at.full = await make('full house', [bruno.user, chloe.user, dan.user]);
  at.read = await make('bulletin', [eve.user]);
  await post(alice, `/rooms/${roomOf(at.read)}/members/${eve.user}`, { access: 'read' }, 'PUT');
  states.reader = eve.state;
  states.guest = (await joins(browser, 'Gus', 'guest', [roomOf(at.general)])).state;
  states.owner = await alice.context.storageState();
  guestLink = `${box.url}/i/${(await post(alice, '/invites', { name: 'Gina', role: 'guest', rooms: [roomOf(at.general)], expiresIn: 3600 })).token}`;
});
test.afterAll(async () => box.dispose());

const go = (page: Page, path: string) => hop(page, box.url + path);

/** A member who may only read one room and finds no place in another. */
async function reader(browser: Browser, look: Look): Promise<Someone> {
  const one = await visit(browser, look, { storageState: states.reader });
  const { page } = one;
  const words = wordsOf(look);
  await go(page, at.read);
  await page.getByText(words.chat.readOnly).waitFor();
  await inspect(page, 'room to read only');
  await go(page, `${at.read}?side=people`);
  await page.locator('.side-panel').getByText(words.room.reads).waitFor();
  await inspect(page, 'people of a room, one of whom reads', '.side-panel');
  await go(page, at.full);
  await page.getByText(words.room.fullRefusal).waitFor();
  await inspect(page, 'room that is full');
  return one;
}

/** A guest: the invite, the one room, what is not for guests. */
async function guest(browser: Browser, look: Look): Promise<Someone[]> {
  const words = wordsOf(look);
  const invited = await visit(browser, look);
  await visitPage(invited.page, guestLink);
  await invited.page.getByLabel(words.session.userName).waitFor();
  await expect(invited.page.getByLabel(words.session.password, { exact: true })).toHaveCount(0);
  await inspect(invited.page, 'invite for a guest');
  const one = await visit(browser, look, { storageState: states.guest });
  const { page } = one;
  await go(page, at.general);
  await hears(one, 'welcome, all of you');
  await inspect(page, 'room of a guest');
  await expect(page.getByRole('button', { name: words.room.create })).toHaveCount(0);
  await go(page, `${at.general}?side=people`);
  await page.locator('.side-panel .person-row').first().waitFor();
  await inspect(page, 'people as a guest sees them', '.side-panel');
  await go(page, '/settings/security');
  await page.getByRole('table').waitFor();
  await inspect(page, 'security of a guest');
  await go(page, '/admin/people');
  await page.getByText(words.app.notFoundText).waitFor();
  await inspect(page, 'admin, for a guest');
  return [invited, one];
}

/** A code from the box, right and wrong. */
async function recover(browser: Browser, look: Look): Promise<Someone> {
  const one = await visit(browser, look);
  const { page } = one;
  const words = wordsOf(look);
  await visitPage(page, box.url + box.recoveryPath());
  await page.getByRole('heading', { level: 1, name: words.recover.title }).waitFor();
  await expect(page.getByLabel(words.recover.code)).not.toHaveValue('');
  await inspect(page, 'way back in for an owner');
  await page.getByLabel(words.session.userName).fill('nobody');
  await page.getByLabel(words.join.newPassword).fill('another long password');
  await page.getByRole('button', { name: words.join.setPassword }).click();
  await page.locator('.error-line').waitFor();
  await inspect(page, 'recovery code that is not right');
  return one;
}

/** A request that is refused, then a network that goes away and comes back. */
async function trouble(browser: Browser, look: Look): Promise<Someone> {
  const one = await visit(browser, look, { storageState: states.owner });
  const { page } = one;
  const words = wordsOf(look);
  let isCut = false;
  let end = () => {};
  await page.routeWebSocket('**/api/v1/ws', (socket) => {
    if (isCut) return void socket.close({ code: 1001 });
    socket.connectToServer();
    end = () => void socket.close({ code: 1001 });
  });
  await visitPage(page, `${box.url}/admin/people`);
  await page.getByRole('table').waitFor();
  await page.route('**/api/v1/team', (route) => route.fulfill({ status: 422, json: { code: 'field_invalid', message: '', field: 'name' } }));
  await page.getByLabel(words.welcome.team).fill('Another');
  await page.getByRole('button', { name: words.ui.save }).click();
  await page.locator('.toast.error').waitFor();
  // Whoever looks at it has the time for it.
  await page.locator('.toast.error').hover();
  await inspect(page, 'toast that says what failed');
  await page.locator('.toast.error').getByRole('button', { name: words.ui.close }).click();
  await expect(page.locator('.toast')).toHaveCount(0);
  await go(page, at.general);
  await hears(one, 'welcome, all of you');
  isCut = true;
  end();
  await page.getByText(words.link.reconnecting).waitFor();
  await inspect(page, 'reconnecting');
  isCut = false;
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await expect(page.locator('.banner')).toHaveCount(0);
  return one;
}

/** Between phones and desks the list of rooms is a drawer. */
async function drawer(browser: Browser, language: Look['language']): Promise<Someone> {
  const look = { language, width: 900 };
  const one = await visit(browser, look, { storageState: states.owner });
  const { page } = one;
  const words = wordsOf(look);
  await go(page, at.general);
  await hears(one, 'welcome, all of you');
  const button = page.getByRole('button', { name: words.app.roomList, exact: true });
  const list = page.locator('.room-column');
  for (const [width, isThere] of [[1000, false], [999, true], [760, true], [759, false], [900, true]] as const) {
    await page.setViewportSize({ width, height: 800 });
    await expect(button, `${width} px`).toBeVisible({ visible: isThere });
    await expect(list, `${width} px`).toBeVisible({ visible: width === 1000 });
  }
  await inspect(page, 'room with a drawer');
  for (const width of [900, 760, 999]) {
    await page.setViewportSize({ width, height: 800 });
    await button.click();
    await expect(list).toBeVisible();
    await expect(button).toHaveAttribute('aria-expanded', 'true');
    await inspect(page, `drawer at ${width} px`);
    await page.locator('.drawer-shade').click({ position: { x: width - 60, y: 600 } });
    await expect(list).toBeHidden();
  }
  await button.click();
  await list.getByRole('link', { name: 'bulletin' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'bulletin' })).toBeFocused();
  await expect(list).toBeHidden();
  return one;
}

for (const look of LOOKS) {
  test(nameOf(look), async ({ browser }) => {
    const people = [await reader(browser, look), ...(await guest(browser, look)), await recover(browser, look), await trouble(browser, look)];
    for (const one of people) expect(one.troubles, one.name).toEqual([]);
    for (const one of people) await one.context.close();
  });
}

for (const language of ['en', 'fr'] as const) {
  test(`the drawer, ${language}`, async ({ browser }) => {
    const one = await drawer(browser, language);
    expect(one.troubles).toEqual([]);
    await one.context.close();
  });
}
