import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { moveRegion } from './page';

/** happy-dom lays nothing out: what is hidden here carries the attribute. */
beforeEach(() => {
  HTMLElement.prototype.checkVisibility = function visible(this: HTMLElement) { return this.closest('[hidden]') === null; };
});
afterEach(() => document.body.replaceChildren());

function add(parent: Element, tag: string, attributes: Record<string, string>): HTMLElement {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  parent.append(element);
  return element;
}

/** Rail with a link, a main column with a hidden link, a button and a composer, and a panel without anything to press. */
function page() {
  const rail = add(document.body, 'nav', { 'data-region': '' });
  add(rail, 'a', { href: '/', id: 'rooms' });
  const main = add(document.body, 'main', { 'data-region': '', tabindex: '-1' });
  add(main, 'a', { href: '/', id: 'back', hidden: '' });
  add(main, 'button', { id: 'search' });
  add(main, 'textarea', { id: 'composer' });
  add(document.body, 'aside', { 'data-region': '', id: 'panel', tabindex: '-1' });
  const drawer = add(document.body, 'nav', { 'data-region': '', hidden: '' });
  add(drawer, 'a', { href: '/', id: 'drawer' });
}

const focused = () => document.activeElement?.id;

describe('moving between the regions of the page', () => {
  test('goes forwards and round, past what is hidden', () => {
    page();
    const visited = [1, 2, 3, 4].map(() => {
      moveRegion(1);
      return focused();
    });
    expect(visited).toEqual(['rooms', 'composer', 'panel', 'rooms']);
  });

  test('goes backwards, and from nowhere to the last', () => {
    page();
    const visited = [1, 2, 3].map(() => {
      moveRegion(-1);
      return focused();
    });
    expect(visited).toEqual(['panel', 'composer', 'rooms']);
  });

  test('does nothing on a page without regions', () => {
    moveRegion(1);
    expect(document.activeElement).toBe(document.body);
  });
});
