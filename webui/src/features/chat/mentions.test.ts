import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { complete, mentionAt } from './mentions';

describe('the mention at the caret', () => {
  test.each<[string, { start: number; query: string } | null]>([
    ['@', { start: 0, query: '' }],
    ['hi @br', { start: 3, query: 'br' }],
    ['(@chloé', { start: 1, query: 'chloé' }],
    ['@jean.luc-2', { start: 0, query: 'jean.luc-2' }],
    ['a@b', null],
    ['hi @br ', null],
    ['@@x', null],
    ['', null],
  ])('%j', (text, expected) => {
    expect(mentionAt(text, text.length)).toEqual(expected);
  });

  test('ends at the caret', () => {
    expect(mentionAt('@bruno', 3)).toEqual({ start: 0, query: 'br' });
    expect(mentionAt('@bruno', -1)).toBe(null);
  });

  test('is found wherever the caret is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(50), (text, caret) => {
        const found = mentionAt(text, Math.min(caret, text.length));
        if (found) expect(text.slice(found.start, found.start + 1 + found.query.length)).toBe(`@${found.query}`);
      }),
    );
  });
});

describe('completions', () => {
  const people = [
    { userName: 'bruno', name: 'Bruno Petit' },
    { userName: 'chloe', name: 'Chloé Roy' },
    { userName: 'zoe', name: 'Zoé' },
  ];
  const names = (query: string) => complete(query, people, 'Tout le monde').map((one) => one.name);

  test('by user name and by any word of the display name, without accents', () => {
    expect(names('b')).toEqual(['bruno']);
    expect(names('pet')).toEqual(['bruno']);
    expect(names('ZO')).toEqual(['zoe']);
    expect(names('chlo')).toEqual(['chloe']);
  });

  test('everybody is there by the word of the protocol and by the reader’s', () => {
    expect(names('every')).toEqual(['everyone']);
    expect(names('tout')).toEqual(['everyone']);
    expect(names('')).toEqual(['bruno', 'chloe', 'zoe', 'everyone']);
  });

  test('a name that is typed to its end needs none', () => {
    expect(names('Chloé')).toEqual([]);
    expect(complete('al', [{ userName: 'al', name: 'Al' }, { userName: 'alice', name: 'Alice' }], 'all')).toHaveLength(3);
  });

  test('at most six', () => {
    const many = Array.from({ length: 20 }, (_, index) => ({ userName: `u${index}`, name: 'U' }));
    expect(complete('u', many, 'all')).toHaveLength(6);
  });
});
