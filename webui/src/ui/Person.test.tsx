import '@preact/signals';
import { cleanup, render, screen } from '@testing-library/preact';
import fc from 'fast-check';
import { encode } from 'uqr';
import { afterEach, describe, expect, test } from 'vitest';
import { Avatar, initials, PresenceDot } from './Person';
import Qr from './Qr';

afterEach(cleanup);

describe('initials', () => {
  test.each([
    ['Alice Martin', 'AM'],
    ['  Jean  de la Fontaine ', 'JF'],
    ['Dan', 'DA'],
    ['élodie', 'ÉL'],
    ['Bruno (ops) Petit', 'BP'],
    ['李 小龙', '李小'],
    ['x', 'X'],
    ['', '?'],
    ['***', '?'],
  ])('of "%s" are "%s"', (name, letters) => {
    expect(initials(name)).toBe(letters);
  });

  test('are never empty and never long, whatever the name', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 48 }), (name) => {
      const letters = initials(name);
      expect(letters.length).toBeGreaterThan(0);
      expect([...letters].length).toBeLessThanOrEqual(6);
    }));
  });
});

describe('a person', () => {
  const alice = { name: 'Alice Martin', color: 3, removed: false };

  test('has a colour and presence as a word, not only as a colour', () => {
    const { container } = render(<Avatar user={alice} presence="do_not_disturb" />);
    expect(container.querySelector('.avatar.person-3')).not.toBeNull();
    expect(screen.getByRole('img', { name: 'Do not disturb' })).toBeTruthy();
  });

  test('each presence has a shape of its own', () => {
    const states = ['online', 'away', 'do_not_disturb', 'offline'] as const;
    const shapes = states.map((state) => {
      const { container, unmount } = render(<PresenceDot state={state} />);
      const drawn = container.querySelector('svg')!.firstElementChild!;
      const shape = `${drawn.tagName} ${['d', 'r', 'fill'].map((name) => drawn.getAttribute(name)).join(' ')}`;
      unmount();
      return shape;
    });
    expect(new Set(shapes).size).toBe(states.length);
  });

  test('that is not known has a question mark', () => {
    const { container } = render(<Avatar user={undefined} />);
    expect(container.textContent).toBe('?');
  });
});

test('a QR code draws every dark module once, under a name', () => {
  render(<Qr text="https://box.local/i/abcdef" label="Invite link as a QR code" />);
  const image = screen.getByRole('img', { name: 'Invite link as a QR code' });
  const dark = encode('https://box.local/i/abcdef').data.flat().filter(Boolean).length;
  expect(image.querySelector('path')?.getAttribute('d')?.match(/M/g)).toHaveLength(dark);
});
