/** What screen readers say: one polite voice and one urgent one, both in the shell. */
import { signal } from '@preact/signals-core';

export const polite = signal('');
export const urgent = signal('');

/** Says something once; the same words again are made different by an invisible space. */
export function announce(text: string, isUrgent = false): void {
  const voice = isUrgent ? urgent : polite;
  voice.value = voice.peek() === text ? `${text}\u00a0` : text;
}
