import type { ComponentChildren } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';
import { Icon } from './Icon';
import type { IconName } from './iconNames';

export interface MenuItem {
  label: string;
  icon?: IconName;
  danger?: boolean;
  disabled?: boolean;
  /** A choice among others of the menu. */
  checked?: boolean;
  /** A line before it. */
  divided?: boolean;
  run(): void;
}

interface MenuProps {
  label: string;
  items: readonly MenuItem[];
  class?: string;
  children: ComponentChildren;
}

/** A button that opens a menu: arrows, Home, End and first letters move; the focus returns to the button. */
export function Menu({ label, items, class: look = 'button quiet icon-only small', children }: MenuProps) {
  const id = useId();
  const menu = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);

  const buttons = () => [...(menu.current?.querySelectorAll<HTMLButtonElement>('button:not([disabled])') ?? [])];

  function place() {
    if (!menu.current || !button.current) return;
    const anchor = button.current.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = menu.current;
    const view = button.current.ownerDocument.documentElement;
    const left = Math.max(8, Math.min(anchor.right - width, view.clientWidth - width - 8));
    const below = anchor.bottom + 4;
    const top = below + height > view.clientHeight - 8 ? Math.max(8, anchor.top - height - 4) : below;
    menu.current.style.left = `${anchor.left + width < view.clientWidth - 8 ? anchor.left : left}px`;
    menu.current.style.top = `${top}px`;
  }

  function open() {
    menu.current?.showPopover();
    place();
    buttons()[0]?.focus();
  }

  function close() {
    menu.current?.hidePopover();
    button.current?.focus();
  }

  function key(event: KeyboardEvent) {
    const all = buttons();
    const at = all.indexOf(event.target as HTMLButtonElement);
    const last = all.length - 1;
    const next = at === last ? 0 : at + 1;
    const before = at <= 0 ? last : at - 1;
    const to = { ArrowDown: next, ArrowRight: next, ArrowUp: before, ArrowLeft: before, Home: 0, End: last }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      all[to]?.focus();
    } else if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey) {
      const wanted = event.key.toLowerCase();
      const order = [...all.slice(at + 1), ...all.slice(0, at + 1)];
      order.find((one) => one.textContent?.trim().toLowerCase().startsWith(wanted))?.focus();
    }
  }

  return (
    <>
      <button ref={button} type="button" class={look} aria-haspopup="menu" aria-expanded={isOpen} title={label} aria-controls={id} onClick={open}>
        {/* Its name is part of its content: a label would hide that what is inside belongs to it. */}
        <span class="visually-hidden">{label}</span>
        {children}
      </button>
      <div ref={menu} id={id} class="menu" popover="auto" role="menu" aria-label={label} onKeyDown={key} onToggle={(event) => setOpen(event.newState === 'open')}>
        {items.map((item) => (
          <div key={item.label} role="none">
            {item.divided && <hr />}
            <button
              type="button"
              role={item.checked === undefined ? 'menuitem' : 'menuitemradio'}
              aria-checked={item.checked}
              class={item.danger ? 'danger' : ''}
              disabled={item.disabled}
              tabIndex={-1}
              onClick={() => {
                close();
                item.run();
              }}
            >
              {item.icon && <Icon name={item.icon} />}
              {item.label}
            </button>
          </div>
        ))}
      </div>
    </>
  );
}
