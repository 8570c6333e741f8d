import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { highlight } from './highlight';

const shown = (text: string, query: string) => highlight(text, query).map((piece) => (piece.hit ? `[${piece.text}]` : piece.text)).join('');

describe('what is found', () => {
  test.each([
    ['un café à la récré', 'cafe recre', 'un [café] à la [récré]'],
    ['un café à la récré', 'CAF', 'un [caf]é à la récré'],
    ['cafe\u0301s', 'café', '[cafe\u0301]s'],
    ['decafe', 'cafe', 'decafe'],
    ['l’été, l’hiver', 'ete', 'l’[été], l’hiver'],
    ['Œuvre', 'oeu', '[Œu]vre'],
    ['build the builder', 'bu build', '[build] the [build]er'],
    ['日本語', '日本', '[日本]語'],
    ['snake_case', 'case', 'snake_[case]'],
    ['nothing here', '', 'nothing here'],
    ['nothing here', '…', 'nothing here'],
  ])('%s, looked for as %s', (text, query, expected) => {
    expect(shown(text, query)).toBe(expected);
  });

  test('a hit far behind the beginning is brought into view, at a word', () => {
    const text = `${'word '.repeat(60)}needle and more`;
    expect(shown(text, 'needle')).toMatch(/^…(word ){5,10}\[needle\] and more$/);
    expect(shown(`${'word '.repeat(10)}needle`, 'needle')).not.toContain('…');
  });
});

test('no letter is lost or added, whatever is typed', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 100 }), fc.string({ unit: 'binary' }), (text, query) => {
      expect(highlight(text, query).map((piece) => piece.text).join('')).toBe(text);
    }),
  );
});
