/** Where a hit is in its text: as the box finds it (core/src/fold.rs), words of the query begin words of the text. */

/** Letters that Unicode does not decompose, though people type them without what makes them special. */
const UNDECOMPOSED: Readonly<Record<string, string>> = {
  œ: 'oe', æ: 'ae', ß: 'ss', ø: 'o', ł: 'l', đ: 'd', ð: 'd', ħ: 'h', ı: 'i', þ: 'th',
};

function fold(text: string): string {
  const letters = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return letters.replace(/[œæßøłđðħıþ]/g, (letter) => UNDECOMPOSED[letter] ?? letter);
}

export interface Piece {
  text: string;
  hit: boolean;
}

/** How much of a word, in its own letters, a folded beginning takes. */
function lengthOf(word: string, wanted: string): number {
  let end = 0;
  for (const letter of word) {
    if (fold(word.slice(0, end)).length >= wanted.length) break;
    end += letter.length;
  }
  // The accents of the last letter are its own.
  const accents = /^\p{M}+/u.exec(word.slice(end));
  return end + (accents?.[0].length ?? 0);
}

/** Characters before the first hit that are shown; a text is cut only when there are clearly more. */
const BEFORE = 48;
const CUT_FROM = 120;

/** The text in pieces, from shortly before its first hit. */
export function highlight(text: string, query: string): Piece[] {
  const wanted = fold(query).split(/[^\p{L}\p{N}]+/u).filter(Boolean).sort((a, b) => b.length - a.length);
  const pieces: Piece[] = [];
  let from = 0;
  const push = (to: number, hit: boolean) => {
    if (to > from) pieces.push({ text: text.slice(from, to), hit });
    from = to;
  };
  for (const { 0: word, index } of text.matchAll(/[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu)) {
    const folded = fold(word);
    const found = wanted.find((one) => folded.startsWith(one));
    if (found === undefined) continue;
    push(index, false);
    push(index + lengthOf(word, found), true);
  }
  push(text.length, false);
  const [first] = pieces;
  if (first && !first.hit && pieces.length > 1 && first.text.length > CUT_FROM) {
    const near = first.text.slice(-BEFORE);
    first.text = `…${near.slice(near.indexOf(' ') + 1)}`;
  }
  return pieces;
}
