import { cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ConfirmDialog, Dialog } from './Dialog';

afterEach(cleanup);

function press(element: HTMLElement) {
  fireEvent.pointerDown(element);
  fireEvent.click(element);
}

describe('a dialog', () => {
  test('is modal and named by its title', () => {
    const modal = vi.spyOn(HTMLDialogElement.prototype, 'showModal');
    render(<Dialog title="New room" onClose={() => {}}>Body</Dialog>);
    expect(modal).toHaveBeenCalledOnce();
    expect(screen.getByRole('dialog', { name: 'New room' }).hasAttribute('open')).toBe(true);
  });

  test('Escape asks to close, and closing stays with the one who opened it', () => {
    const close = vi.fn();
    render(<Dialog title="New room" onClose={close}>Body</Dialog>);
    const dialog = screen.getByRole<HTMLDialogElement>('dialog');
    const cancel = new Event('cancel', { cancelable: true });
    fireEvent(dialog, cancel);
    expect(close).toHaveBeenCalledOnce();
    expect(cancel.defaultPrevented).toBe(true);
    expect(dialog.open).toBe(true);
  });

  test('a press on the backdrop closes, a press inside does not', () => {
    const close = vi.fn();
    render(<Dialog title="New room" onClose={close}>Body</Dialog>);
    press(screen.getByText('Body'));
    expect(close).not.toHaveBeenCalled();
    press(screen.getByRole('dialog'));
    expect(close).toHaveBeenCalledOnce();
  });

  test('a selection that ends on the backdrop does not close', () => {
    const close = vi.fn();
    render(<Dialog title="New room" onClose={close}>Body</Dialog>);
    fireEvent.pointerDown(screen.getByText('Body'));
    fireEvent.click(screen.getByRole('dialog'));
    expect(close).not.toHaveBeenCalled();
  });

  test('what was typed is not lost by a press on the backdrop', () => {
    const close = vi.fn();
    render(<Dialog title="New room" onClose={close}><input aria-label="Name" /></Dialog>);
    fireEvent.input(screen.getByLabelText('Name'), { target: { value: 'backend' } });
    press(screen.getByRole('dialog'));
    expect(close).not.toHaveBeenCalled();
  });

  test('has a button to close', () => {
    const close = vi.fn();
    render(<Dialog title="New room" onClose={close}>Body</Dialog>);
    fireEvent.click(screen.getByRole('button', { name: 'Close' }));
    expect(close).toHaveBeenCalledOnce();
  });

  test('gives the focus back to where it was when it goes', () => {
    const page = (isOpen: boolean) => (
      <>
        <button type="button">New room</button>
        {isOpen && <Dialog title="Make a room" onClose={() => {}}><input aria-label="Name" /></Dialog>}
      </>
    );
    const { rerender } = render(page(false));
    const button = screen.getByRole('button', { name: 'New room' });
    button.focus();
    rerender(page(true));
    screen.getByLabelText('Name').focus();
    rerender(page(false));
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(document.activeElement).toBe(button);
  });
});

describe('a confirmation', () => {
  const props = { title: 'Delete backend?', text: 'Gone for good.', action: 'Delete room', onClose: () => {} };

  test('acts at once when nothing has to be typed', () => {
    const confirm = vi.fn();
    render(<ConfirmDialog {...props} onConfirm={confirm} />);
    fireEvent.click(screen.getByRole('button', { name: 'Delete room' }));
    expect(confirm).toHaveBeenCalledOnce();
  });

  test('waits for the exact word when there is one', () => {
    render(<ConfirmDialog {...props} typed="backend" onConfirm={() => {}} />);
    const action = screen.getByRole<HTMLButtonElement>('button', { name: 'Delete room' });
    const input = screen.getByRole('textbox');
    expect(action.disabled).toBe(true);
    fireEvent.input(input, { target: { value: 'Backend' } });
    expect(action.disabled).toBe(true);
    fireEvent.input(input, { target: { value: 'backend' } });
    expect(action.disabled).toBe(false);
  });

  test('can be left without acting', () => {
    const [confirm, close] = [vi.fn(), vi.fn()];
    render(<ConfirmDialog {...props} onConfirm={confirm} onClose={close} />);
    fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(close).toHaveBeenCalledOnce();
    expect(confirm).not.toHaveBeenCalled();
  });
});
