/** The screenshots of the README and the docs: `make images`. */
import { test } from '@playwright/test';
import { Box } from './box';
import { arrive, claim, hears, inviteLink, join, open, say, type Someone } from './team';

const FOLDER = new URL('../../docs/images/', import.meta.url).pathname;

test('screenshots', async ({ browser }) => {
  const box = new Box();
  await box.start();
  const alice = await arrive(browser, 'Alice', { width: 1280 });
  await alice.page.goto(`${box.url}/welcome`);
  await alice.page.getByLabel('Claim code').waitFor();
  await alice.page.screenshot({ path: `${FOLDER}claim.png` });
  await claim(box, alice);
  const others: Someone[] = [];
  for (const name of ['Bruno', 'Chloe', 'Dan']) {
    const one = await arrive(browser, name, { theme: 'dark' });
    await join(one, await inviteLink(box, alice, name));
    await one.page.setViewportSize({ width: 390, height: 800 });
    others.push(one);
  }
  const [bruno, chloe, dan] = others as [Someone, Someone, Someone];
  await alice.page.getByLabel('Invite link', { exact: true }).first().scrollIntoViewIfNeeded();
  await alice.page.locator('.copy-field').first().locator('..').screenshot({ path: `${FOLDER}invite.png` });
  for (const name of ['backend', 'design']) {
    await alice.page.getByRole('button', { name: 'New room' }).click();
    await alice.page.getByLabel('Name', { exact: true }).fill(name);
    await alice.page.getByRole('checkbox', { name: 'Bruno' }).check();
    await alice.page.getByRole('button', { name: 'Create room' }).click();
    await alice.page.getByRole('heading', { level: 1, name }).waitFor();
  }
  await open(alice, 'general');
  await say(bruno, 'The **build** is green again 🎉 I pushed the fix for the relay path, see `turn.rs`');
  await say(chloe, '@alice can you check the log?\n\n```rust\nfn main() {\n    println!("Bonjour");\n}\n```');
  await hears(alice, 'can you check the log?');
  await say(alice, 'Looking now. The café is on me when it is *really* fixed.');
  await say(dan, '- flashed the box\n- moved the old one to the attic\n\nAnything else for today?');
  await hears(alice, 'Anything else');
  const row = alice.page.locator('article.message').filter({ hasText: 'build' }).first();
  await row.hover();
  await row.getByRole('button', { name: 'React' }).click();
  await alice.page.getByRole('menuitem', { name: '🎉' }).locator('visible=true').click();
  await dan.page.bringToFront();
  await dan.page.waitForTimeout(1_500);
  await alice.page.bringToFront();
  await alice.page.mouse.move(0, 0);
  await alice.page.getByRole('button', { name: 'People in the room' }).click();
  await alice.page.waitForTimeout(1_500);
  await alice.page.screenshot({ path: `${FOLDER}room.png` });
  await alice.page.emulateMedia({ colorScheme: 'dark' });
  await alice.page.screenshot({ path: `${FOLDER}room-dark.png` });
  await alice.page.emulateMedia({ colorScheme: 'light' });
  await chloe.page.waitForTimeout(300);
  await chloe.page.screenshot({ path: `${FOLDER}phone.png` });
  await alice.page.getByRole('button', { name: 'Search', exact: true }).click();
  await alice.page.getByLabel('Search messages').fill('cafe');
  await alice.page.getByRole('link', { name: /café/ }).waitFor();
  await alice.page.locator('.side-panel').screenshot({ path: `${FOLDER}search.png` });
  await alice.page.goto(`${box.url}/admin/people`);
  await alice.page.getByRole('table').waitFor();
  await alice.page.screenshot({ path: `${FOLDER}admin.png` });
  await alice.page.goto(`${box.url}/settings/appearance`);
  await alice.page.waitForTimeout(400);
  await alice.page.screenshot({ path: `${FOLDER}settings.png` });
  await alice.page.keyboard.press('Control+k');
  await alice.page.waitForTimeout(300);
  await alice.page.screenshot({ path: `${FOLDER}palette.png` });
  await box.dispose();
});
