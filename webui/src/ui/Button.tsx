import type { ButtonHTMLAttributes, ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Icon } from './Icon';
import type { IconName } from './iconNames';

type Base = Omit<ButtonHTMLAttributes, 'icon' | 'onClick' | 'size'>;

interface ButtonProps extends Base {
  look?: 'normal' | 'primary' | 'danger' | 'quiet';
  small?: boolean;
  icon?: IconName;
  /** A promise keeps the button busy until it settles; a second press is ignored. */
  onClick?: (event: MouseEvent) => unknown;
  busy?: boolean;
  children?: ComponentChildren;
}

function classes(look: string, small: boolean | undefined, iconOnly: boolean): string {
  return ['button', look === 'normal' ? '' : look, small ? 'small' : '', iconOnly ? 'icon-only' : ''].filter(Boolean).join(' ');
}

export function Button({ look = 'normal', small, icon, onClick, busy, children, ...rest }: ButtonProps) {
  const [running, setRunning] = useState(false);
  const isBusy = running || busy === true;
  const press = async (event: MouseEvent) => {
    if (isBusy) return event.preventDefault();
    const result = onClick?.(event);
    if (!(result instanceof Promise)) return;
    setRunning(true);
    try {
      await result;
    } finally {
      setRunning(false);
    }
  };
  return (
    <button type="button" class={classes(look, small, false)} aria-busy={isBusy} {...rest} onClick={press}>
      {isBusy ? <span class="spinner" /> : icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

interface IconButtonProps extends Base {
  icon: IconName;
  /** Its name, for everybody: shown as a tooltip and read aloud. */
  label: string;
  /** The keys that do the same, for the tooltip. */
  keys?: string;
  small?: boolean;
  look?: 'normal' | 'quiet';
  onClick?: (event: MouseEvent) => unknown;
}

export function IconButton({ icon, label, keys, small, look = 'quiet', ...rest }: IconButtonProps) {
  return (
    <button type="button" class={classes(look, small, true)} aria-label={label} title={keys === undefined ? label : `${label} (${keys})`} {...rest}>
      <Icon name={icon} />
    </button>
  );
}
