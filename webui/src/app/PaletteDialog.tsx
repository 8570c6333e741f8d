import { useLocation } from 'preact-iso';
import type { ShortcutId } from '../features/settings/shortcuts';
import { find, type Entry } from '../features/palette/match';
import { Palette } from '../features/palette/Palette';
import { roomName } from '../features/room/names';
import { t } from '../i18n';
import { p } from '../i18n/pages';
import { focusSoon } from '../platform/page';
import { useServices } from './context';
import { useAction } from './useAction';
import { useKeys } from './useKeys';

const RECENT = 'palette.recent';

function useEntries(onShortcuts: () => void): Entry[] {
  const { rooms, rest, signOut, preferences } = useServices();
  const { route, path } = useLocation();
  const keysOf = useKeys();
  const run = useAction();
  const words = p.value;
  const me = rooms.account.value?.user;
  const to = (path: string) => () => route(path);
  const entries: Entry[] = [...rooms.mine.value, ...rooms.directs.value, ...rooms.joinable.value, ...rooms.archived.value].map((room) => ({
    key: `room ${room.id}`, group: room.kind === 'room' ? t.value.room.rooms : t.value.room.people, label: roomName(rooms, room), run: to(`/r/${room.id}`),
  }));
  for (const user of rooms.users.value.values()) {
    if (user.id === me?.id || user.removed) continue;
    entries.push({ key: `user ${user.id}`, group: t.value.room.people, label: user.name, hint: `@${user.userName}`, run: () => void run(async () => route(`/r/${(await rest.openDirect(user.id)).room}`)) });
  }
  const pages: [string, string][] = [
    ['/settings/profile', words.settings.profile], ['/settings/security', words.settings.security], ['/settings/appearance', words.settings.appearance],
    ['/settings/accessibility', words.settings.accessibility], ['/settings/shortcuts', words.settings.shortcuts], ['/settings/about', words.settings.about],
    ...(me?.role === 'owner' ? ([['/admin/people', words.admin.people], ['/admin/invites', words.admin.invites], ['/admin/rooms', words.admin.rooms]] as [string, string][]) : []),
  ];
  for (const [path, label] of pages) entries.push({ key: path, group: words.palette.pages, label, run: to(path) });
  const actions: [string, string, () => void, ShortcutId?][] = [
    ...(path.startsWith('/r/') ? [['search', words.shortcuts.names.search, () => { route(`${path}?side=search`); focusSoon('search-field'); }, 'search'] as [string, string, () => void, ShortcutId]] : []),
    ['theme', words.palette.toggleTheme, () => preferences.set('theme', preferences.values.theme.peek() === 'dark' ? 'light' : 'dark')],
    ['language', words.palette.otherLanguage, () => preferences.setLanguage(preferences.language.peek() === 'en' ? 'fr' : 'en')],
    ['shortcuts', words.palette.shortcuts, onShortcuts, 'sheet'],
    ['sign-out', t.value.app.signOut, () => void signOut()],
  ];
  for (const [key, label, run, id] of actions) {
    entries.push({ key, group: words.palette.actions, label, run, ...(id === undefined ? {} : { keys: keysOf(id) }) });
  }
  return entries;
}

interface Props {
  onShortcuts(): void;
  onClose(): void;
}

/** The jump palette over everything that has a name here. */
export default function PaletteDialog({ onShortcuts, onClose }: Props) {
  const { platform } = useServices();
  const entries = useEntries(onShortcuts);
  const recent = (platform.preferences.read(RECENT) ?? '').split('\n').filter(Boolean);
  const choose = (entry: Entry) => {
    onClose();
    platform.preferences.write(RECENT, [entry.key, ...recent.filter((key) => key !== entry.key)].slice(0, 20).join('\n'));
    entry.run();
  };
  return <Palette find={(query) => find(entries, query, recent)} onChoose={choose} onClose={onClose} />;
}
