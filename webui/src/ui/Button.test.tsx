import { act, cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Button, IconButton } from './Button';

afterEach(cleanup);

describe('a button', () => {
  test('is busy until its promise settles, and ignores a second press', async () => {
    let finish = () => {};
    const press = vi.fn(() => new Promise<void>((resolve) => { finish = resolve; }));
    render(<Button onClick={press}>Save</Button>);
    const button = screen.getByRole('button', { name: 'Save' });
    fireEvent.click(button);
    expect(button.getAttribute('aria-busy')).toBe('true');
    fireEvent.click(button);
    expect(press).toHaveBeenCalledOnce();
    await act(async () => finish());
    expect(button.getAttribute('aria-busy')).toBe('false');
    fireEvent.click(button);
    expect(press).toHaveBeenCalledTimes(2);
  });

  test('keeps its name and its focus while it is busy', () => {
    render(<Button icon="plus" onClick={() => new Promise<void>(() => {})}>Save</Button>);
    const button = screen.getByRole('button', { name: 'Save' });
    button.focus();
    fireEvent.click(button);
    expect(button.textContent).toBe('Save');
    expect(button.hasAttribute('disabled')).toBe(false);
    expect(button.ownerDocument.activeElement).toBe(button);
  });

  test('that is busy does not send its form', () => {
    const submit = vi.fn((event: Event) => event.preventDefault());
    render(<form onSubmit={submit}><Button type="submit" busy>Send</Button></form>);
    fireEvent.click(screen.getByRole('button', { name: 'Send' }));
    expect(submit).not.toHaveBeenCalled();
  });

  test('does not send a form unless it says so', () => {
    render(<Button>Cancel</Button>);
    expect(screen.getByRole('button').getAttribute('type')).toBe('button');
  });

  test('with only an icon has a name for everybody', () => {
    render(<IconButton icon="search" label="Search" aria-pressed />);
    const button = screen.getByRole('button', { name: 'Search', pressed: true });
    expect(button.title).toBe('Search');
    expect(button.querySelector('svg')?.getAttribute('aria-hidden')).toBe('true');
  });
});
