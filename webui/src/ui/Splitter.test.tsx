import { cleanup, fireEvent, render } from '@testing-library/preact';
import { useState } from 'preact/hooks';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Splitter } from './Splitter';

beforeEach(() => {
  HTMLElement.prototype.setPointerCapture = () => {};
});
afterEach(cleanup);

function Held({ column }: { column: 'before' | 'after' }) {
  const [value, setValue] = useState(250);
  return <Splitter label="Width" controls="list" column={column} value={value} min={200} max={320} standard={248} onValue={(next) => setValue(Math.min(320, Math.max(200, next)))} />;
}

function show(column: 'before' | 'after' = 'before') {
  const { getByRole } = render(<Held column={column} />);
  const splitter = getByRole('separator', { name: 'Width' });
  const width = () => Number(splitter.getAttribute('aria-valuenow'));
  const press = (key: string, more: object = {}) => fireEvent.keyDown(splitter, { key, ...more });
  return { splitter, width, press };
}

describe('by keyboard', () => {
  test('arrows move the edge, Home and End go to its limits', () => {
    const { press, width } = show();
    const seen = ['ArrowRight', 'ArrowLeft', 'ArrowLeft', 'Home', 'End'].map((key) => {
      press(key);
      return width();
    });
    expect(seen).toEqual([266, 250, 234, 200, 320]);
  });

  test('the edge moves where the arrow points, also with the column behind it', () => {
    const { press, width } = show('after');
    press('ArrowLeft');
    expect(width()).toBe(266);
  });

  test('keys with Alt or Ctrl are somebody else’s', () => {
    const { press, width } = show();
    expect(press('ArrowRight', { altKey: true })).toBe(true);
    expect(width()).toBe(250);
  });
});

describe('by pointer', () => {
  test('follows while it is held', () => {
    const { splitter, width } = show();
    fireEvent.pointerMove(splitter, { clientX: 130 });
    expect(width()).toBe(250);
    fireEvent.pointerDown(splitter, { clientX: 100, button: 0 });
    fireEvent.pointerMove(splitter, { clientX: 130 });
    expect(width()).toBe(280);
    fireEvent.pointerUp(splitter);
    fireEvent.pointerMove(splitter, { clientX: 160 });
    expect(width()).toBe(280);
  });

  test('a double click goes back to the standard', () => {
    const { splitter, width } = show();
    fireEvent.dblClick(splitter);
    expect(width()).toBe(248);
  });
});
