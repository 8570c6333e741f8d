/** The eight looks of Mesh — two languages, two widths, two themes — and what must hold in each of them. */
import { createRequire } from 'node:module';
import { expect, type Browser, type BrowserContextOptions, type Page } from '@playwright/test';
import { en } from '../src/i18n/en';
import { fr } from '../src/i18n/fr';
import { arrive, type Someone } from './team';

const require = createRequire(import.meta.url);
const AXE = (require('axe-core') as { source: string }).source;

/** WCAG 2.0 to 2.2, A and AA, and what axe itself holds good: landmarks, heading levels, one main. */
const ALL = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };
/** The page is the same in the other theme, its colours are not. */
const COLOURS = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };
const PASSES = [['light', ALL], ['dark', COLOURS]] as const;
/** The narrowest phone that people still have. */
const NARROWEST = 360;
const WORDS = { en, fr };

export const LOOKS = [
  { language: 'en', width: 1360 },
  { language: 'en', width: 390 },
  { language: 'fr', width: 1360 },
  { language: 'fr', width: 390 },
] as const;
export interface Look {
  language: 'en' | 'fr';
  width: number;
}

export const nameOf = ({ language, width }: Look) => `${language}, ${width} px`;

/** Somebody whose browser speaks the look's language; narrow ones are touched. */
export function visit(browser: Browser, look: Look, more: BrowserContextOptions = {}): Promise<Someone> {
  const { language, width } = look;
  const locale = language === 'en' ? 'en-GB' : 'fr-FR';
  return arrive(browser, nameOf(look), { locale, width, more: { reducedMotion: 'reduce', hasTouch: width < 760, ...more } });
}

export const wordsOf = (look: Look) => WORDS[look.language];

/** Opens an address and waits until the screen has its title. */
export async function visitPage(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.locator('h1').first().waitFor({ state: 'attached' });
}

/** Follows a link to another screen of the same page: no reload, and axe stays. */
export async function hop(page: Page, address: string): Promise<void> {
  const { origin, pathname, search } = new URL(address);
  if (!page.url().startsWith(`${origin}/`)) return visitPage(page, address);
  await page.evaluate((href) => {
    const link = Object.assign(document.createElement('a'), { href });
    document.body.append(link);
    link.click();
    link.remove();
  }, pathname + search);
}

/** Leaves what is open over the page. */
export async function escape(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await expect(page.locator('dialog[open], .menu:popover-open')).toHaveCount(0);
}

interface Violation {
  id: string;
  nodes: { target: string[]; failureSummary?: string }[];
}

/** What axe finds in the part of the page that `selector` names. */
async function violations(page: Page, selector: string, rules: typeof ALL): Promise<string[]> {
  // Through the debugger, which no content security policy stops; once for each document.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  const found = await page.evaluate(
    async ([where, runOnly]) => {
      const { axe } = window as unknown as { axe: { run(where: string, options: object): Promise<{ violations: Violation[] }> } };
      return (await axe.run(where, { runOnly, resultTypes: ['violations'], preload: false })).violations;
    },
    [selector, rules] as const,
  );
  return found.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`));
}

/** Things that reach over the side of the screen, or hide a part of themselves there. */
function tooWide(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const named = (element: Element) => `${element.tagName.toLowerCase()}.${[...element.classList].join('.')}`;
    const found: string[] = [];
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth) found.push(`page: ${root.scrollWidth} of ${root.clientWidth}`);
    for (const element of document.querySelectorAll('body *')) {
      // Code and the row of tabs are made to be scrolled; a menu is placed once, where it was opened.
      if (element.closest('pre, .tabs, .visually-hidden, .skip, .menu') || !element.checkVisibility()) continue;
      const { left, right, width } = element.getBoundingClientRect();
      if (width > 1 && (left < -1 || right > innerWidth + 1)) found.push(`${named(element)}: from ${left} to ${right}`);
      const isScrolled = /auto|scroll/.test(getComputedStyle(element).overflowX) && element.tagName !== 'TEXTAREA';
      if (isScrolled && element.scrollWidth > element.clientWidth) found.push(`${named(element)} scrolls: ${element.scrollWidth} of ${element.clientWidth}`);
    }
    return found;
  });
}

/**
 * No violation in either theme, and nothing wider than the screen. A dialog, a menu or a panel is looked at alone by
 * its selector, after the page behind it was.
 */
export async function inspect(page: Page, what: string, part = 'html'): Promise<void> {
  for (const [theme, rules] of PASSES) {
    await page.emulateMedia({ colorScheme: theme });
    expect.soft(await violations(page, part, rules), `${what}, ${theme}`).toEqual([]);
  }
  const size = page.viewportSize();
  expect.soft(await tooWide(page), `${what} is too wide`).toEqual([]);
  if (!size || size.width > 760) return;
  await page.setViewportSize({ ...size, width: NARROWEST });
  expect.soft(await tooWide(page), `${what} is too wide for ${NARROWEST} px`).toEqual([]);
  await page.setViewportSize(size);
}
