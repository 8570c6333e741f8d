/** Rooms in every look: messages of every kind, direct messages, panels, what opens over a message. */
import { expect, test, type Page } from '@playwright/test';
import { Box } from './box';
import { escape, hop, inspect, LOOKS, nameOf, visit, wordsOf, type Look } from './looks';
import { act, hears, message, open, post, say, team, type Someone } from './team';

const BELL = '\u0007';

let box: Box;
let alice: Someone;
let bruno: Someone;
/** Addresses of rooms. */
const at = { full: '', empty: '', archived: '', open: '', direct: '', newDirect: '' };

/** One message of every kind, told by two people. */
async function chatter() {
  await say(alice, '# Plan\n\nLook: **bold**, *soft*, ~~gone~~, `code`, [a link](https://example.org) and @bruno\n\n```rust\nfn main() {}\n```\n> quoted\n\n- one\n- two\n\n---\n1. first');
  await hears(bruno, 'Look:');
  await say(alice, 'grouped with the one above, https://example.org/a/very/long/path/that/has/no/place/to/break/at/all/and/goes/on');
  await say(bruno, 'seen it @everyone');
  await hears(alice, 'seen it');
  await act(bruno, 'Look:', 'Reply');
  await say(bruno, 'an answer');
  await hears(alice, 'an answer');
  await say(bruno, 'a former text');
  await hears(bruno, 'a former text');
  await act(bruno, 'a former text', 'Edit');
  await say(bruno, 'a text that was edited');
  await hears(alice, 'a text that was edited');
  await say(bruno, 'to be deleted');
  await hears(bruno, 'to be deleted');
  await act(bruno, 'to be deleted', 'Delete');
  await message(alice, 'an answer').hover();
  await message(alice, 'an answer').getByRole('button', { name: 'React' }).click();
  await alice.page.getByRole('menuitem', { name: '🎉' }).locator('visible=true').click();
  await act(alice, 'an answer', 'Pin');
  await expect(message(bruno, 'an answer')).toContainText('Pinned');
  await expect(message(alice, 'an answer').locator('.reactions')).toBeVisible();
}

test.beforeAll(async ({ browser }) => {
  box = new Box();
  await box.start();
  [alice, bruno] = (await team(box, browser, ['Alice', 'Bruno', 'Chloe'])) as [Someone, Someone];
  at.full = new URL(alice.page.url()).pathname;
  await chatter();
  const make = async (one: Someone, name: string) => `/r/${(await post(one, '/rooms', { name, topic: 'What it is about', visibility: 'open', members: [] })).room}`;
  at.empty = await make(alice, 'quiet');
  at.archived = await make(alice, 'attic');
  await post(alice, `/rooms/${at.archived.slice(3)}`, { archived: true }, 'PATCH');
  at.open = await make(bruno, 'elsewhere');
  await alice.page.getByRole('button', { name: /Bruno/ }).first().click();
  await expect(alice.page.getByRole('heading', { level: 1, name: 'Bruno' })).toBeVisible();
  at.direct = new URL(alice.page.url()).pathname;
  await open(bruno, 'Alice');
  await say(bruno, 'just between us');
  await alice.page.getByRole('button', { name: /Chloe/ }).first().click();
  await expect(alice.page.getByRole('heading', { level: 1, name: 'Chloe' })).toBeVisible();
  at.newDirect = new URL(alice.page.url()).pathname;
  await open(bruno, 'general');
  // There were ten seconds to think again.
  await expect(message(bruno, 'Message deleted')).toHaveCount(1, { timeout: 15_000 });
});
test.afterAll(async () => box.dispose());

const go = (page: Page, path: string) => hop(page, box.url + path);

/** Opens a tool of a message without a pointer, as touch does: focus shows the tools. */
async function tool(one: Someone, text: string, name: string) {
  await message(one, text).focus();
  await message(one, text).getByRole('button', { name, exact: true }).click();
}

async function rooms(one: Someone, look: Look) {
  const { page } = one;
  const words = wordsOf(look);
  await go(page, at.full);
  await hears(one, 'a text that was edited');
  await inspect(page, 'room with every kind of message');
  await message(one, 'an answer').focus();
  await inspect(page, 'message with its tools', '#main');
  const seq = await message(one, 'an answer').getAttribute('data-seq');
  await go(page, `${at.full}?m=${seq}`);
  await expect(message(one, 'an answer')).toHaveClass(/target/);
  await inspect(page, 'message that a link leads to', '#main');
  await go(page, at.empty);
  await page.getByText(words.chat.start('quiet')).waitFor();
  await inspect(page, 'empty room');
  await go(page, at.archived);
  await page.getByText(words.chat.archived).waitFor();
  await inspect(page, 'archived room');
  await go(page, at.open);
  await page.getByText(words.room.joinText('elsewhere')).waitFor();
  await inspect(page, 'room to join');
  await go(page, at.direct);
  await hears(one, 'just between us');
  await inspect(page, 'direct messages');
  await go(page, at.newDirect);
  await page.getByText(words.chat.start('')).waitFor();
  await inspect(page, 'direct messages without any');
  await go(page, '/r/aaaaaaaaaaaaa');
  await page.getByText(words.room.gone).waitFor();
  await inspect(page, 'room that is gone');
  await go(page, '/');
  await inspect(page, 'home');
}

async function panels(one: Someone, look: Look) {
  const { page } = one;
  const words = wordsOf(look);
  await go(page, `${at.full}?side=people`);
  await page.locator('.side-panel .person-row').first().waitFor();
  await inspect(page, 'people of a room');
  await page.getByRole('button', { name: words.room.memberMenu('Bruno') }).click();
  await inspect(page, 'menu of a member', '.menu:popover-open');
  await escape(page);
  await go(page, `${at.empty}?side=people`);
  await page.getByRole('button', { name: words.room.add, exact: true }).click();
  await inspect(page, 'people to add', '.side-panel');
  await go(page, `${at.empty}?side=pins`);
  await page.getByText(words.chat.noPins).waitFor();
  await inspect(page, 'no pins', '.side-panel');
  await go(page, `${at.full}?side=pins`);
  await page.locator('.side-panel .hit').first().waitFor();
  await inspect(page, 'pins');
  await go(page, `${at.full}?side=search`);
  await page.getByText(words.search.hint).waitFor();
  await inspect(page, 'search');
  await page.getByLabel(words.search.label).fill('answer');
  await page.locator('.side-panel .hit').first().waitFor();
  await inspect(page, 'search with results', '.side-panel');
  await page.getByLabel(words.search.label).fill('nowhere');
  await page.locator('.side-panel').getByText(words.search.nothing).waitFor();
  await inspect(page, 'search without results', '.side-panel');
}

async function writing(one: Someone, look: Look) {
  const { page } = one;
  const words = wordsOf(look);
  await go(page, at.full);
  await hears(one, 'an answer');
  await tool(one, 'an answer', words.chat.more);
  await inspect(page, 'menu of a message', '.menu:popover-open');
  await escape(page);
  await tool(one, 'an answer', words.chat.react);
  await inspect(page, 'reactions to choose from', '.menu:popover-open');
  await escape(page);
  await tool(one, 'an answer', words.chat.reply);
  await page.locator('#composer').fill('@');
  await page.getByRole('listbox').waitFor();
  await inspect(page, 'composer with completions', '.composer');
  await page.locator('#composer').fill('x'.repeat(15_000));
  await page.getByText(words.chat.length(15_000, 16_384)).waitFor();
  await inspect(page, 'composer near its end', '.composer');
  await page.locator('#composer').fill(`too long to travel ${BELL.repeat(10_500)}`);
  await page.locator('#composer').press('Enter');
  await page.getByText(words.errors.text_too_long).waitFor();
  await inspect(page, 'message that was refused', '#main');
  await page.locator('.pending').getByRole('button', { name: words.unsent.discard }).click();
  await page.locator('#composer').press('ArrowUp');
  await page.getByText(words.chat.editing).waitFor();
  await inspect(page, 'editing', '.composer');
  await page.keyboard.press('Escape');
  await tool(one, 'a text that was edited', words.chat.more);
  await page.getByRole('menuitem', { name: words.chat.showHistory }).locator('visible=true').click();
  await page.getByRole('dialog').waitFor();
  await inspect(page, 'former texts', 'dialog');
  await escape(page);
  await bruno.page.locator('#composer').pressSequentially('hm');
  await page.getByText(words.chat.writing('Bruno', 1)).waitFor();
  await tool(one, 'grouped with', words.chat.more);
  await page.getByRole('menuitem', { name: words.chat.delete }).locator('visible=true').click();
  await page.locator('.toast').waitFor();
  await inspect(page, 'deleted, with a way back');
  await page.locator('.toast').getByRole('button', { name: words.ui.undo }).click();
}

for (const look of LOOKS) {
  test(nameOf(look), async ({ browser }) => {
    const one = await visit(browser, look, { storageState: await alice.context.storageState() });
    for (const part of [rooms, panels, writing]) await part(one, look);
    expect(one.troubles).toEqual([]);
    await one.context.close();
  });
}
