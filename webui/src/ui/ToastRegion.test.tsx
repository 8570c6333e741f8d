import '@preact/signals';
import { act, cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { fakeClock } from '../test/fakeClock';
import { ToastRegion } from './ToastRegion';
import { createToasts } from './toasts';

afterEach(cleanup);

function region() {
  const clock = fakeClock();
  const toasts = createToasts(clock);
  render(<ToastRegion toasts={toasts} />);
  const show = (...args: Parameters<typeof toasts.show>) => act(() => toasts.show(...args));
  return { clock, show };
}

describe('the toast region', () => {
  test('says news politely and errors at once', () => {
    const { show } = region();
    show('Saved');
    show('Not saved', { look: 'error' });
    expect(screen.getByRole('status').textContent).toContain('Saved');
    expect(screen.getByRole('alert').textContent).toContain('Not saved');
  });

  test('undo takes back once and closes the toast', () => {
    const { show } = region();
    const undo = vi.fn();
    show('Deleted', { undo });
    fireEvent.click(screen.getByRole('button', { name: 'Undo' }));
    expect(undo).toHaveBeenCalledOnce();
    expect(screen.queryByText('Deleted')).toBeNull();
  });

  test('every toast can be closed', () => {
    const { show } = region();
    show('Saved');
    fireEvent.click(screen.getByRole('button', { name: 'Close' }));
    expect(screen.queryByText('Saved')).toBeNull();
  });

  test('stays while the pointer is over it', async () => {
    const { clock, show } = region();
    show('Saved');
    fireEvent.mouseEnter(screen.getByRole('region'));
    await act(() => clock.advance(60_000));
    expect(screen.getByText('Saved')).toBeTruthy();
    fireEvent.mouseLeave(screen.getByRole('region'));
    await act(() => clock.advance(6_000));
    expect(screen.queryByText('Saved')).toBeNull();
  });

  test('stays while the focus is inside', async () => {
    const { clock, show } = region();
    show('Saved');
    fireEvent.focusIn(screen.getByRole('button', { name: 'Close' }));
    await act(() => clock.advance(60_000));
    expect(screen.getByText('Saved')).toBeTruthy();
  });
});
