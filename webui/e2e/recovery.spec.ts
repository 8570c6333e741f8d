/** Codes that are typed wrong, and the way back in for a sole owner. */
import { expect, test } from '@playwright/test';
import { Box } from './box';
import { arrive, claim, inRoom } from './team';

let box: Box;
test.beforeEach(async () => {
  box = new Box();
  await box.start();
});
test.afterEach(async () => box.dispose());

test('a wrong claim code says how many tries are free', async ({ browser }) => {
  const alice = await arrive(browser, 'Alice');
  await alice.page.goto(`${box.url}/welcome`);
  await alice.page.getByLabel('Claim code').fill('AAAAAAAA');
  await alice.page.getByRole('button', { name: 'Continue' }).click();
  await expect(alice.page.getByRole('alert').filter({ hasText: /This code is not right.* \d+ tries left before a pause\./ })).toBeVisible();
});

test('a sole owner who forgot the password comes back with a code from the box', async ({ browser }) => {
  const alice = await arrive(browser, 'Alice');
  await claim(box, alice);
  const other = await arrive(browser, 'Alice');
  const { page } = other;
  await page.goto(box.url);
  await page.getByRole('button', { name: 'Forgotten?' }).click();
  await expect(page.getByRole('dialog')).toContainText('mesh-appliance recovery-code');
  await page.getByRole('link', { name: 'I have a code' }).click();
  await expect(page.getByRole('heading', { name: 'A new password for an owner' })).toBeVisible();

  await page.getByLabel('Recovery code').fill('AAAAAAAA');
  await page.getByLabel('User name').fill('alice');
  await page.getByLabel('New password').fill('another long password');
  await page.getByRole('button', { name: 'Set password' }).click();
  await expect(page.getByText('Code or user name is not right, or the code has expired.')).toBeVisible();

  await page.goto(`${box.url}${box.recoveryPath()}`);
  await expect(page).toHaveURL(`${box.url}/recover`);
  await expect(page.getByLabel('Recovery code')).not.toHaveValue('AAAAAAAA');
  await page.getByLabel('User name').fill('alice');
  await page.getByLabel('New password').fill('another long password');
  await page.getByRole('button', { name: 'Set password' }).click();
  await inRoom(other, 'general');
  // All sessions that were there before are over.
  await expect(alice.page.getByRole('heading', { name: 'Your session has ended' })).toBeVisible();
  expect([...alice.troubles, ...other.troubles]).toEqual([]);
});
