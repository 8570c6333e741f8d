import { signal } from '@preact/signals';
import { lazy, useLocation } from 'preact-iso';
import { useEffect } from 'preact/hooks';
import { find, type Entry } from '../features/palette/match';
import { roomName } from '../features/room/names';
import { t } from '../i18n';
import { onKey, isTyping, moveRegion } from '../platform/page';
import { useServices } from './context';
import { drawer } from './Shell';

const Palette = lazy(() => import('../features/palette/Palette').then((module) => module.Palette));
const ShortcutsDialog = lazy(() => import('./ShortcutsDialog').then((module) => module.ShortcutsDialog));

const open = signal(false);
const help = signal(false);
const RECENT = 'palette.recent';

export function openPalette() {
  open.value = true;
}

function useEntries(): Entry[] {
  const { rooms, rest, signOut, preferences } = useServices();
  const { route } = useLocation();
  const words = t.value;
  const me = rooms.account.value?.user;
  const to = (path: string) => () => route(path);
  const entries: Entry[] = [...rooms.mine.value, ...rooms.directs.value, ...rooms.joinable.value, ...rooms.archived.value].map((room) => ({
    key: `room ${room.id}`, group: room.kind === 'room' ? words.room.rooms : words.room.people, label: roomName(rooms, room), run: to(`/r/${room.id}`),
  }));
  for (const user of rooms.users.value.values()) {
    if (user.id === me?.id || user.removed) continue;
    entries.push({ key: `user ${user.id}`, group: words.room.people, label: user.name, hint: `@${user.userName}`, run: () => void rest.openDirect(user.id).then(({ room }) => route(`/r/${room}`)) });
  }
  const pages: [string, string][] = [
    ['/settings/profile', words.settings.profile], ['/settings/security', words.settings.security], ['/settings/appearance', words.settings.appearance],
    ['/settings/accessibility', words.settings.accessibility], ['/settings/shortcuts', words.settings.shortcuts], ['/settings/about', words.settings.about],
    ...(me?.role === 'owner' ? ([['/admin/people', words.admin.people], ['/admin/invites', words.admin.invites], ['/admin/rooms', words.admin.rooms]] as [string, string][]) : []),
  ];
  for (const [path, label] of pages) entries.push({ key: path, group: words.palette.pages, label, run: to(path) });
  const actions: [string, string, () => void][] = [
    ['theme', words.palette.toggleTheme, () => preferences.set('theme', preferences.values.theme.peek() === 'dark' ? 'light' : 'dark')],
    ['language', words.palette.otherLanguage, () => preferences.setLanguage(preferences.language.peek() === 'en' ? 'fr' : 'en')],
    ['shortcuts', words.palette.shortcuts, () => { help.value = true; }],
    ['sign-out', words.session.signOut, () => void signOut()],
  ];
  for (const [key, label, run] of actions) entries.push({ key, group: words.palette.actions, label, run });
  return entries;
}

/** The jump palette, the shortcut sheet, and the keys that work everywhere. */
export function PaletteHost() {
  const { platform, rooms } = useServices();
  const { route, path } = useLocation();
  const entries = useEntries();
  const recent = (platform.preferences.read(RECENT) ?? '').split('\n').filter(Boolean);

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

  const choose = (entry: Entry) => {
    open.value = false;
    platform.preferences.write(RECENT, [entry.key, ...recent.filter((key) => key !== entry.key)].slice(0, 20).join('\n'));
    entry.run();
  };
  return (
    <>
      {open.value && <Palette find={(query) => find(entries, query, recent)} onChoose={choose} onClose={() => { open.value = false; }} />}
      {help.value && <ShortcutsDialog onClose={() => { help.value = false; }} />}
    </>
  );
}
