import { cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Choice, ErrorLine, PasswordField, SelectField, TextField } from './Field';

afterEach(cleanup);

const described = (element: HTMLElement) =>
  (element.getAttribute('aria-describedby') ?? '').split(' ').filter(Boolean)
    .map((id) => element.ownerDocument.getElementById(id)?.textContent);

describe('a text field', () => {
  test('is named by its label and described by help and error', () => {
    render(<TextField label="Name" value="" onValue={() => {}} help="As others see it" error="Too long" />);
    const input = screen.getByLabelText('Name');
    expect(described(input)).toEqual(['As others see it', 'Too long']);
    expect(input.getAttribute('aria-invalid')).toBe('true');
  });

  test('without help or error describes nothing and is valid', () => {
    render(<TextField label="Name" value="" onValue={() => {}} />);
    const input = screen.getByLabelText('Name');
    expect(input.hasAttribute('aria-describedby')).toBe(false);
    expect(input.getAttribute('aria-invalid')).toBe('false');
  });

  test('hands on every input and the attributes of the browser', () => {
    const hear = vi.fn();
    render(<TextField label="Code" value="" onValue={hear} autocomplete="one-time-code" maxLength={12} />);
    const input = screen.getByLabelText<HTMLInputElement>('Code');
    fireEvent.input(input, { target: { value: 'k7qd' } });
    expect(hear).toHaveBeenCalledWith('k7qd');
    expect(input.getAttribute('autocomplete')).toBe('one-time-code');
    expect(input.maxLength).toBe(12);
  });
});

describe('a password field', () => {
  test('shows and hides what was typed, without losing it', () => {
    render(<PasswordField label="Password" value="correct horse" onValue={() => {}} />);
    const input = screen.getByLabelText<HTMLInputElement>('Password');
    expect(input.type).toBe('password');
    fireEvent.click(screen.getByRole('button', { name: 'Show password' }));
    expect(input.type).toBe('text');
    expect(input.value).toBe('correct horse');
    fireEvent.click(screen.getByRole('button', { name: 'Hide password' }));
    expect(input.type).toBe('password');
  });

  test('tells the browser whether the password is new, and then how long it is', () => {
    const { container, rerender } = render(<PasswordField label="Password" value="short" onValue={() => {}} />);
    expect(screen.getByLabelText('Password').getAttribute('autocomplete')).toBe('current-password');
    expect(container.querySelector('.meter')).toBeNull();
    rerender(<PasswordField isNew label="Password" value="short" onValue={() => {}} />);
    expect(screen.getByLabelText('Password').getAttribute('autocomplete')).toBe('new-password');
    expect(container.querySelector('.meter.good')).toBeNull();
    rerender(<PasswordField isNew label="Password" value="long enough" onValue={() => {}} />);
    expect(container.querySelector('.meter.good')).not.toBeNull();
  });
});

describe('choices', () => {
  test('a select hands on the value that was chosen', () => {
    const hear = vi.fn();
    const options = [{ value: 'light', label: 'Light' }, { value: 'dark', label: 'Dark' }] as const;
    render(<SelectField label="Theme" value="light" options={options} onValue={hear} />);
    const select = screen.getByLabelText<HTMLSelectElement>('Theme');
    expect(select.value).toBe('light');
    fireEvent.change(select, { target: { value: 'dark' } });
    expect(hear).toHaveBeenCalledWith('dark');
  });

  test('a switch says that it is one, its state and its help', () => {
    const hear = vi.fn();
    render(<Choice type="switch" label="Less motion" help="Whatever the system says" checked={false} onChecked={hear} />);
    const input = screen.getByRole<HTMLInputElement>('switch', { name: 'Less motion' });
    expect(described(input)).toEqual(['Whatever the system says']);
    fireEvent.click(input);
    expect(hear).toHaveBeenCalledWith(true);
  });

  test('radios of one name are one group', () => {
    render(
      <>
        <Choice type="radio" name="access" label="Open" checked onChecked={() => {}} />
        <Choice type="radio" name="access" label="Invited" checked={false} onChecked={() => {}} />
      </>,
    );
    expect(screen.getByRole<HTMLInputElement>('radio', { name: 'Open' }).checked).toBe(true);
    expect(screen.getAllByRole<HTMLInputElement>('radio').map((radio) => radio.name)).toEqual(['access', 'access']);
  });

  test('an error line is there before its text, so that the text is heard', () => {
    const { rerender } = render(<ErrorLine text={null} />);
    const alert = screen.getByRole('alert');
    expect(alert.textContent).toBe('');
    rerender(<ErrorLine text="Wrong code" />);
    expect(screen.getByRole('alert')).toBe(alert);
    expect(alert.textContent).toBe('Wrong code');
  });
});
