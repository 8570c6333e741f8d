import { signal } from '@preact/signals';
import { useLocation } from 'preact-iso';
import { useEffect } from 'preact/hooks';
import { onKey, isTyping, moveRegion } from '../platform/page';
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
  const { rooms } = useServices();
  const { route, path } = useLocation();

  useEffect(
    () =>
      onKey((event) => {
        const mod = event.ctrlKey || event.metaKey;
        const list = [...rooms.mine.peek(), ...rooms.directs.peek()];
        const at = list.findIndex((room) => path === `/r/${room.id}`);
        if ((mod && event.key.toLowerCase() === 'k') || event.key === 'F1') {
          open.value = true;
        } else if (mod && event.key === '/') {
          help.value = true;
        } else if (mod && event.key === 'F6') {
          moveRegion(event.shiftKey ? -1 : 1);
        } else if (mod && event.shiftKey && event.key.toLowerCase() === 'f' && path.startsWith('/r/')) {
          route(`${path}?side=search`);
        } else if (mod && event.key.toLowerCase() === 'b' && !isTyping(event.target)) {
          drawer.value = !drawer.value;
        } else if (event.altKey && (event.key === 'ArrowDown' || event.key === 'ArrowUp') && list.length > 0) {
          const step = event.key === 'ArrowDown' ? 1 : -1;
          const order = Array.from({ length: list.length }, (_, n) => list[(at + step * (n + 1) + list.length * 2) % list.length]!);
          const next = event.shiftKey ? order.find((room) => room.unread.messages > 0) : order[0];
          if (next) route(`/r/${next.id}`);
        } else {
          return;
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
