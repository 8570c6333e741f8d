/** Completing `@` while somebody types: by user name or display name, without accents and case. */

export interface Candidate {
  name: string;
  label: string;
}

function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase();
}

/** The mention that the caret stands in, if any. */
export function mentionAt(text: string, caret: number): { start: number; query: string } | null {
  if (caret < 0) return null;
  const match = /(?:^|[^\w@.-])@([\p{L}\p{N}._-]{0,32})$/u.exec(text.slice(0, caret));
  if (!match) return null;
  const query = match[1] ?? '';
  return { start: caret - query.length - 1, query };
}

/** Who fits what was typed after `@`, at most six. */
export function complete(query: string, people: readonly { userName: string; name: string }[], everyone: string): Candidate[] {
  const wanted = fold(query);
  const candidates = [...people.map((user) => ({ name: user.userName, label: user.name })), { name: 'everyone', label: everyone }];
  const fitting = candidates.filter(
    ({ name, label }) => name.startsWith(wanted) || fold(label).split(/\s+/).some((word) => word.startsWith(wanted)),
  );
  // A name that is typed to its end needs no completing: Enter sends.
  if (fitting.length === 1 && fitting[0]?.name === wanted) return [];
  return fitting.slice(0, 6);
}
