import { render, screen } from '@testing-library/preact';
import { expect, test, vi } from 'vitest';
import { Tabs } from './Tabs';

test('the current tab is marked and scrolled into view, also when it changes', () => {
  const scrolled: string[] = [];
  vi.spyOn(HTMLElement.prototype, 'scrollIntoView').mockImplementation(function scroll(this: HTMLElement) { scrolled.push(this.textContent ?? ''); });
  const tabs = (current: string) => ['One', 'Two'].map((text) => ({ href: `/${text}`, text, current: text === current }));
  const { rerender } = render(<Tabs label="Places" tabs={tabs('Two')} />);
  expect(screen.getByRole('link', { current: 'page' }).textContent).toBe('Two');
  rerender(<Tabs label="Places" tabs={tabs('One')} />);
  expect(scrolled).toEqual(['Two', 'One']);
});
