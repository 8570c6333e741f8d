import { signal } from '@preact/signals';
import { useLocation } from 'preact-iso';
import { useEffect } from 'preact/hooks';
import { focusSoon, isTyping, moveRegion, onKey } from '../platform/page';
import type { Room } from '../protocol/generated/Room';
import { useServices } from './context';
import { later } from './later';
import { drawer } from './Shell';

const PaletteDialog = later(() => import('./PaletteDialog'));
const ShortcutsDialog = later(() => import('./ShortcutsDialog').then((module) => module.ShortcutsDialog));

const open = signal(false);
const help = signal(false);

export function openPalette() {
  open.value = true;
}

/** The jump palette, the shortcut sheet, and the keys that work everywhere. */
export function PaletteHost() {
  const { rooms, shortcuts } = useServices();
  const { route, path } = useLocation();

  useEffect(
    () =>
      onKey((event) => {
        if (event.defaultPrevented) return;
        const id = shortcuts.find(event, 'global');
        const list = [...rooms.mine.peek(), ...rooms.directs.peek()];
        const at = list.findIndex((room) => path === `/r/${room.id}`);
        /** Goes to the next room that fits, from the current one on and around. */
        const goTo = (step: 1 | -1, fits: (room: Room) => boolean) => {
          const from = at === -1 && step === -1 ? 0 : at;
          const order = list.map((_, n) => list[(from + step * (n + 1) + list.length * 2) % list.length]!);
          const next = order.find(fits);
          if (next) route(`/r/${next.id}`);
        };
        const isUnread = (room: Room) => room.unread.messages > 0;
        switch (id) {
          case 'palette': open.value = true; break;
          case 'sheet': help.value = true; break;
          case 'regionNext': moveRegion(1); break;
          case 'regionPrevious': moveRegion(-1); break;
          case 'roomNext': goTo(1, () => true); break;
          case 'roomPrevious': goTo(-1, () => true); break;
          case 'unreadNext': goTo(1, isUnread); break;
          case 'unreadPrevious': goTo(-1, isUnread); break;
          case 'search':
            if (!path.startsWith('/r/')) return;
            route(`${path}?side=search`);
            focusSoon('search-field');
            break;
          case 'drawer':
            if (isTyping(event.target)) return;
            drawer.value = !drawer.value;
            break;
          default: return;
        }
        event.preventDefault();
      }),
    [path],
  );

  return (
    <>
      {open.value && <PaletteDialog onShortcuts={() => { help.value = true; }} onClose={() => { open.value = false; }} />}
      {help.value && <ShortcutsDialog onClose={() => { help.value = false; }} />}
    </>
  );
}
