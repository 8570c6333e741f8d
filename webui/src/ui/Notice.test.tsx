import '@preact/signals';
import { act, cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { settle } from '../test/fakeClock';
import { announce, polite, urgent } from './announce';
import { Banner, CopyField, EmptyState, ErrorState, Skeleton, Steps } from './Notice';

beforeEach(() => {
  polite.value = '';
  urgent.value = '';
});
afterEach(cleanup);

describe('announcements', () => {
  test('the polite and the urgent voice are two', () => {
    announce('Saved');
    announce('The box is gone', true);
    expect([polite.value, urgent.value]).toEqual(['Saved', 'The box is gone']);
  });

  test('the same words are heard again', () => {
    const heard: string[] = [];
    const stop = polite.subscribe((text) => heard.push(text.trim()));
    announce('Copied');
    announce('Copied');
    announce('Copied');
    stop();
    expect(heard).toEqual(['', 'Copied', 'Copied', 'Copied']);
  });
});

describe('a field to copy', () => {
  const clipboard = (writeText: (text: string) => Promise<void>) =>
    vi.spyOn(navigator, 'clipboard', 'get').mockReturnValue({ writeText } as Clipboard);

  test('copies, shows it and says it', async () => {
    const write = vi.fn(() => Promise.resolve());
    clipboard(write);
    render(<CopyField label="Invite link" text="https://box/i/abc" />);
    fireEvent.click(screen.getByRole('button', { name: 'Copy' }));
    await act(settle);
    expect(write).toHaveBeenCalledWith('https://box/i/abc');
    expect(await screen.findByRole('button', { name: 'Copied' })).toBeTruthy();
    expect(polite.value).toBe('Copied');
  });

  test('claims nothing when the browser refuses', async () => {
    clipboard(() => Promise.reject(new Error('denied')));
    render(<CopyField label="Invite link" text="https://box/i/abc" />);
    fireEvent.click(screen.getByRole('button', { name: 'Copy' }));
    await act(settle);
    expect(screen.getByRole('button', { name: 'Copy' })).toBeTruthy();
    expect(polite.value).toBe('');
  });

  test('shows the whole text under its name', () => {
    render(<CopyField label="Invite link" text="https://box/i/abc" />);
    expect(screen.getByLabelText('Invite link').textContent).toBe('https://box/i/abc');
  });
});

describe('states', () => {
  test('an error is heard at once and can be tried again', () => {
    const retry = vi.fn();
    render(<ErrorState text="The list could not be loaded." onRetry={retry} />);
    expect(screen.getByRole('alert').textContent).toContain('could not be loaded');
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(retry).toHaveBeenCalledOnce();
  });

  test('an empty state offers the next action', () => {
    render(<EmptyState icon="hash" text="No room yet."><a href="/">Rooms</a></EmptyState>);
    expect(screen.getByText('No room yet.')).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Rooms' })).toBeTruthy();
  });

  test('a banner is a status, a skeleton is silent', () => {
    const { container } = render(<><Banner icon="wifi-off" look="warn">Reconnecting…</Banner><Skeleton lines={3} /></>);
    expect(screen.getByRole('status').textContent).toContain('Reconnecting…');
    const skeleton = container.querySelector('.skeleton');
    expect(skeleton?.getAttribute('aria-hidden')).toBe('true');
    expect(skeleton?.children).toHaveLength(3);
  });

  test('steps say which one is now', () => {
    render(<Steps count={4} current={1} label="Step 2 of 4" />);
    const steps = screen.getAllByRole('listitem');
    expect(screen.getByRole('list', { name: 'Step 2 of 4' })).toBeTruthy();
    expect(steps.map((step) => step.getAttribute('aria-current'))).toEqual([null, 'step', null, null]);
  });
});
