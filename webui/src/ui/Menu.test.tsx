import { cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Menu, type MenuItem } from './Menu';

// happy-dom has no popovers: these two remember what a browser would show.
const shown = new Set<HTMLElement>();
const popover = HTMLElement.prototype as unknown as { showPopover(): void; hidePopover(): void };

beforeEach(() => {
  shown.clear();
  popover.showPopover = function show(this: HTMLElement) { shown.add(this); };
  popover.hidePopover = function hide(this: HTMLElement) { shown.delete(this); };
});
afterEach(cleanup);

const item = (label: string, more: Partial<MenuItem> = {}): MenuItem => ({ label, run: vi.fn(), ...more });

function open(items: MenuItem[]) {
  render(<Menu label="More" items={items}><svg aria-hidden="true" /></Menu>);
  const button = screen.getByRole('button', { name: 'More' });
  button.focus();
  fireEvent.click(button);
  return { button, menu: screen.getByRole('menu', { hidden: true }) };
}

const focused = () => document.activeElement?.textContent;
const press = (key: string) => fireEvent.keyDown(document.activeElement!, { key });

describe('a menu', () => {
  test('says what it is, and opens on its first item', () => {
    const { button, menu } = open([item('Reply'), item('Edit')]);
    expect(button.getAttribute('aria-haspopup')).toBe('menu');
    expect(menu.getAttribute('popover')).toBe('auto');
    expect(button.getAttribute('aria-controls')).toBe(menu.id);
    expect(shown.has(menu)).toBe(true);
    expect(focused()).toBe('Reply');
  });

  test('is named by what it does and by what it shows', () => {
    render(<Menu label="Alice: presence" items={[item('Away')]}><span aria-hidden="true">AL</span><span role="img" aria-label="Online" /></Menu>);
    const button = screen.getByRole('button', { name: 'Alice: presence Online' });
    expect(button.getAttribute('aria-label')).toBeNull();
  });

  test('its button says whether it is open', () => {
    const { button, menu } = open([item('Reply')]);
    const toggled = (newState: string) => fireEvent(menu, Object.assign(new Event('toggle'), { newState }));
    toggled('open');
    expect(button.getAttribute('aria-expanded')).toBe('true');
    toggled('closed');
    expect(button.getAttribute('aria-expanded')).toBe('false');
  });

  test('arrows move and go round, Home and End jump', () => {
    open([item('Reply'), item('Edit'), item('Delete')]);
    press('ArrowDown');
    expect(focused()).toBe('Edit');
    press('End');
    expect(focused()).toBe('Delete');
    press('ArrowDown');
    expect(focused()).toBe('Reply');
    press('ArrowUp');
    expect(focused()).toBe('Delete');
    press('Home');
    expect(focused()).toBe('Reply');
  });

  test('arrows of the other axis move too, for menus that lie in a row', () => {
    open([item('👍'), item('🎉')]);
    press('ArrowRight');
    expect(focused()).toBe('🎉');
    press('ArrowLeft');
    expect(focused()).toBe('👍');
  });

  test('a first letter goes to the next item that begins with it', () => {
    open([item('Copy text'), item('Copy link'), item('Delete')]);
    press('c');
    expect(focused()).toBe('Copy link');
    press('C');
    expect(focused()).toBe('Copy text');
    press('d');
    expect(focused()).toBe('Delete');
    press('x');
    expect(focused()).toBe('Delete');
  });

  test('what is not possible is passed over', () => {
    open([item('Reply'), item('Edit', { disabled: true }), item('Delete')]);
    press('ArrowDown');
    expect(focused()).toBe('Delete');
  });

  test.each(['Escape', 'Tab'])('%s closes it and gives the focus back to the button', (key) => {
    const { button, menu } = open([item('Reply')]);
    press(key);
    expect(shown.has(menu)).toBe(false);
    expect(document.activeElement).toBe(button);
  });

  test('Escape is not heard by what is behind it', () => {
    const behind = vi.fn();
    document.addEventListener('keydown', behind);
    open([item('Reply')]);
    press('Escape');
    document.removeEventListener('keydown', behind);
    expect(behind).not.toHaveBeenCalled();
  });

  test('choosing closes first and then acts, so that the action may move the focus', () => {
    const order: string[] = [];
    const reply = item('Reply', { run: () => order.push(`acts, ${shown.size} open`) });
    const { button } = open([reply]);
    fireEvent.click(screen.getByRole('menuitem', { name: 'Reply', hidden: true }));
    expect(order).toEqual(['acts, 0 open']);
    expect(document.activeElement).toBe(button);
  });

  test('choices say which one holds', () => {
    open([item('Online', { checked: true }), item('Away', { checked: false })]);
    const radios = screen.getAllByRole('menuitemradio', { hidden: true });
    expect(radios.map((radio) => radio.getAttribute('aria-checked'))).toEqual(['true', 'false']);
  });
});
