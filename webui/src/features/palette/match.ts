/** Finding things by a few letters: without accents and case, words by their beginnings first. */

export interface Entry {
  key: string;
  group: string;
  label: string;
  hint?: string;
  /** The keys that do the same. */
  keys?: string;
  run(): void;
}

export function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase();
}

/** How well a label fits: smaller is better, null not at all. */
export function score(label: string, query: string): number | null {
  const text = fold(label);
  const wanted = fold(query.trim());
  if (wanted === '') return 0;
  if (text.startsWith(wanted)) return 0;
  const words = wanted.split(/\s+/);
  const starts = text.split(/[^\p{L}\p{N}]+/u);
  if (words.every((word) => starts.some((start) => start.startsWith(word)))) return 1;
  if (text.includes(wanted)) return 2;
  let at = 0;
  for (const letter of wanted) {
    at = text.indexOf(letter, at) + 1;
    if (at === 0) return null;
  }
  return 3;
}

/** The entries that fit, best first; of equals, those used last come first. */
export function find(entries: readonly Entry[], query: string, recent: readonly string[]): Entry[] {
  const age = (key: string) => {
    const at = recent.indexOf(key);
    return at < 0 ? recent.length : at;
  };
  return entries
    .map((entry, order) => ({ entry, order, fit: score(entry.label, query) }))
    .filter((one): one is typeof one & { fit: number } => one.fit !== null)
    .sort((a, b) => a.fit - b.fit || age(a.entry.key) - age(b.entry.key) || a.order - b.order)
    .map((one) => one.entry);
}
