/** Screens of somebody who is not in yet, in every look: claiming, signing in, following an invite, the plain page. */
import { expect, test } from '@playwright/test';
import { Box } from './box';
import { inspect, LOOKS, nameOf, visit, wordsOf, type Look } from './looks';
import { inviteLink, PASSWORD, team, type Someone } from './team';

let box: Box;
async function freshBox() {
  box = new Box();
  await box.start();
}

/** What a second browser sees while the first one claims. */
async function inspectTakeOver({ page }: Someone, look: Look) {
  const { claimTitle, takenOver } = wordsOf(look).welcome;
  await page.goto(`${box.url}/welcome`);
  await page.getByRole('heading', { name: claimTitle }).waitFor();
  await page.getByText(takenOver('').split(' ')[0] ?? '').waitFor();
  await inspect(page, 'claim code of a box that is being claimed');
}

/** From the code to the first room, looking around at each step. */
async function claimSteps(one: Someone, other: Someone, look: Look) {
  const { page } = one;
  const words = wordsOf(look);
  const text = words.welcome;
  await page.goto(`${box.url}/welcome`);
  await page.getByRole('heading', { name: text.claimTitle }).waitFor();
  await inspect(page, 'claim code');
  await page.getByLabel(text.code).fill('00000000');
  await page.getByRole('button', { name: text.next }).click();
  await page.getByText(words.errors.claim_code_wrong).waitFor();
  await inspect(page, 'claim code that is wrong');
  await page.getByLabel(text.code).fill(box.claimCode());
  await page.getByRole('button', { name: text.next }).click();
  await page.getByLabel(text.team).waitFor();
  await inspect(page, 'claim owner');
  await page.getByLabel(text.team).fill('Atelier');
  await page.getByLabel(text.yourName).fill('\u202eAlice');
  await page.getByLabel(words.session.userName).fill('alice');
  await page.getByLabel(words.session.password, { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: text.create }).click();
  await page.getByText(words.fields.name).waitFor();
  await inspect(page, 'claim owner with a fault');
  await inspectTakeOver(other, look);
  await page.getByLabel(text.yourName).fill('Alice');
  await page.getByRole('button', { name: text.create }).click();
  await page.locator('.fingerprint').first().waitFor();
  await inspect(page, 'claim trust');
  await page.getByRole('button', { name: text.next }).click();
  await page.getByLabel(words.invite.name).waitFor();
  await inspect(page, 'claim people');
  await page.getByLabel(words.invite.name).fill('Bruno');
  await page.getByRole('button', { name: words.invite.make }).click();
  await page.getByRole('img', { name: words.invite.qr }).waitFor();
  await inspect(page, 'claim people with a link');
}

async function signIn(one: Someone, look: Look) {
  const { page } = one;
  const words = wordsOf(look);
  const text = words.session;
  await page.goto(box.url);
  await page.getByRole('heading', { name: text.signInTo('Atelier') }).waitFor();
  await inspect(page, 'sign in');
  await page.getByLabel(text.userName).fill('alice');
  await page.getByLabel(text.password, { exact: true }).fill('not this one at all');
  await page.getByRole('button', { name: text.signIn, exact: true }).click();
  await page.getByText(words.errors.credentials_wrong).waitFor();
  await inspect(page, 'sign in with a wrong password');
  await page.getByRole('button', { name: text.forgotten }).click();
  await page.getByText(text.forgottenText).waitFor();
  await inspect(page, 'forgotten', 'dialog');
  await page.route('**/api/v1/**', (route) => route.abort());
  await page.reload();
  await page.getByText(words.link.unreachableText).waitFor();
  await inspect(page, 'a box that does not answer');
  await page.unrouteAll();
  await page.route('**/api/v1/session', (route) => route.request().method() === 'GET' ? route.continue() : route.fulfill({ status: 429, json: { code: 'too_many', message: '', retryAfter: 90 } }));
  await page.reload();
  await page.getByLabel(text.userName).fill('alice');
  await page.getByLabel(text.password, { exact: true }).fill('not this one at all');
  await page.getByRole('button', { name: text.signIn, exact: true }).click();
  await page.locator('.error-line').waitFor();
  await inspect(page, 'sign in after too many tries');
  await page.unrouteAll();
}

async function invites(one: Someone, look: Look, owner: Someone) {
  const { page } = one;
  const words = wordsOf(look);
  const text = words.join;
  const link = await inviteLink(box, owner, 'Chloe');
  await page.goto(link);
  await page.getByRole('heading', { name: text.title('Alice') }).waitFor();
  await inspect(page, 'invite');
  await page.getByLabel(words.session.userName).fill('bruno');
  await page.getByText(text.taken).waitFor();
  await inspect(page, 'invite with a taken user name');
  const gone = owner.page.waitForResponse((answer) => answer.request().method() === 'DELETE');
  await owner.page.getByRole('row', { name: 'Chloe' }).getByRole('button', { name: 'Revoke' }).click();
  await gone;
  await page.goto(box.url);
  await page.goto(link);
  await page.getByText(text.states.revoked('Alice')).waitFor();
  await inspect(page, 'invite that was taken back');
  await page.goto(`${box.url}/i/nonsense`);
  await page.getByText(text.unknown).waitFor();
  await inspect(page, 'invite that is none');
  await page.route('**/api/v1/invite/**', (route) => route.abort());
  await page.reload();
  await page.getByText(words.errors.unreachable).waitFor();
  await inspect(page, 'invite without the box');
  await page.unrouteAll();
}

async function resetLink(owner: Someone): Promise<string> {
  const { page } = owner;
  await page.goto(`${box.url}/admin/people`);
  await page.getByRole('button', { name: 'Change Bruno' }).click();
  await page.getByRole('menuitem', { name: 'Link for a new password' }).locator('visible=true').click();
  return (await page.getByLabel('Invite link', { exact: true }).textContent()) ?? '';
}

test.describe('claiming', () => {
  test.describe.configure({ mode: 'parallel' });
  test.beforeEach(freshBox);
  test.afterEach(async () => box.dispose());

  for (const look of LOOKS) {
    test(nameOf(look), async ({ browser }) => {
      const one = await visit(browser, look);
      const other = await visit(browser, look);
      await claimSteps(one, other, look);
      expect([...one.troubles, ...other.troubles]).toEqual([]);
    });
  }
});

test.describe('the doors of a team', () => {
  test.describe.configure({ mode: 'parallel' });
  let owner: Someone;
  test.beforeAll(async ({ browser }) => {
    await freshBox();
    owner = (await team(box, browser, ['Alice', 'Bruno']))[0] as Someone;
  });
  test.afterAll(async () => box.dispose());

  for (const look of LOOKS) {
    test(`signing in, ${nameOf(look)}`, async ({ browser }) => {
      const one = await visit(browser, look);
      await signIn(one, look);
      await one.page.goto(box.plainUrl);
      await one.page.locator('h1').waitFor();
      await inspect(one.page, 'plain page');
      expect(one.troubles).toEqual([]);
    });

    test(`following an invite, ${nameOf(look)}`, async ({ browser }) => {
      const one = await visit(browser, look);
      const words = wordsOf(look).join;
      await invites(one, look, owner);
      await one.page.goto(await resetLink(owner));
      await one.page.getByRole('heading', { name: words.resetTitle }).waitFor();
      await inspect(one.page, 'link for a new password');
      const inside = await visit(browser, look, { storageState: await owner.context.storageState() });
      await inside.page.goto(await inviteLink(box, owner, 'Dan'));
      await inside.page.getByText(words.signedInAs('Alice')).waitFor();
      await inspect(inside.page, 'invite for somebody who is in already');
      expect([...one.troubles, ...inside.troubles]).toEqual([]);
    });
  }
});
