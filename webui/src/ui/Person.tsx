import { t } from '../i18n';
import type { PresenceState } from '../protocol/generated/PresenceState';
import type { User } from '../protocol/generated/User';

export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const first = (word: string | undefined) => [...(word ?? '')].find((c) => /[\p{L}\p{N}]/u.test(c)) ?? '';
  const letters = words.length > 1 ? first(words[0]) + first(words.at(-1)) : [...(words[0] ?? '?')].slice(0, 2).join('');
  return letters.toLocaleUpperCase();
}

const SHAPES: Record<PresenceState, preact.ComponentChild> = {
  online: <circle cx="6" cy="6" r="5" fill="currentColor" />,
  away: <path d="M6 1a5 5 0 0 0 0 10Z M6 1a5 5 0 0 1 0 10" fill="currentColor" fill-opacity=".35" stroke="currentColor" />,
  do_not_disturb: <path d="M1 6a5 5 0 1 0 10 0A5 5 0 1 0 1 6Zm2-.8h6v1.6H3Z" fill="currentColor" fill-rule="evenodd" />,
  offline: <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" stroke-width="2" />,
};

/** Presence by shape and colour, and by word for who can't see either. */
export function PresenceDot({ state }: { state: PresenceState }) {
  return (
    <span class={`presence ${state}`} role="img" aria-label={t.value.presence[state]}>
      <svg viewBox="0 0 12 12" aria-hidden="true">{SHAPES[state]}</svg>
    </span>
  );
}

interface AvatarProps {
  user: Pick<User, 'name' | 'color' | 'removed'> | undefined;
  size?: 'small' | 'normal' | 'large';
  presence?: PresenceState;
}

export function Avatar({ user, size = 'normal', presence }: AvatarProps) {
  const name = user?.name ?? '?';
  return (
    <span class={`avatar ${size} person-${user?.color ?? 0} ${user?.removed ? 'removed' : ''}`}>
      <span aria-hidden="true">{initials(name)}</span>
      {presence && <PresenceDot state={presence} />}
    </span>
  );
}
