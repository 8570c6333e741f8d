import sprite from 'virtual:icon-sprite';
import type { IconName } from './iconNames';

/** A decoration beside a text or a name; never the only way to know what something is. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" aria-hidden="true" focusable="false">
      <use href={`${sprite}#${name}`} />
    </svg>
  );
}
