import '@preact/signals';
import { cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Lone } from './Lone';

afterEach(cleanup);

describe('a screen of its own', () => {
  test('gives its title the focus, and again when the title changes', () => {
    const { rerender } = render(<Lone title="Claim this box" onLanguage={() => {}}>Body</Lone>);
    const heading = screen.getByRole('heading', { level: 1, name: 'Claim this box' });
    expect(document.activeElement).toBe(heading);
    heading.blur();
    rerender(<Lone title="You, the owner" onLanguage={() => {}}>Body</Lone>);
    expect(document.activeElement?.textContent).toBe('You, the owner');
  });

  test('offers the other language in that language', () => {
    const choose = vi.fn();
    render(<Lone title="Claim this box" onLanguage={choose}>Body</Lone>);
    const french = screen.getByRole('button', { name: 'Français' });
    expect(french.getAttribute('lang')).toBe('fr');
    fireEvent.click(french);
    expect(choose).toHaveBeenCalledWith('fr');
  });
});
