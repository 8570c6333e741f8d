import { useLocation } from 'preact-iso';
import type { ComponentChildren } from 'preact';
import { signal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { RoomList } from '../features/room/RoomList';
import { presenceOf } from '../features/room/roomStore';
import { PresenceMenu } from '../features/session/PresenceMenu';
import { t } from '../i18n';
import { isShown } from '../platform/page';
import { IconButton } from '../ui/Button';
import { Icon } from '../ui/Icon';
import type { IconName } from '../ui/iconNames';
import { Avatar } from '../ui/Person';
import { Splitter } from '../ui/Splitter';
import { Banners } from './Banners';
import { useServices } from './context';
import { loadParts } from './later';
import { openPalette } from './PaletteHost';
import { useKeys } from './useKeys';
import { LIMITS, type Column } from './widths';
import './shell.css';

/** Whether the drawer with the room list is open, on screens that have no place for it. */
export const drawer = signal(false);

/** The title of a screen; gets the focus when the screen changes, so that readers hear where they are. */
export function Heading({ children }: { children: ComponentChildren }) {
  return <h1 id="title" class="ellipsis" tabIndex={-1}>{children}</h1>;
}

/** The edge of a column, where columns stand side by side. */
function Edge({ of: column }: { of: Column }) {
  const { widths } = useServices();
  const isList = column === 'list';
  return (
    <Splitter
      {...LIMITS[column]}
      label={isList ? t.value.app.listWidth : t.value.app.sideWidth}
      controls={isList ? 'rooms' : 'side'}
      column={isList ? 'before' : 'after'}
      value={widths.of[column].value}
      onValue={(width) => widths.set(column, width)}
    />
  );
}

interface Side {
  title: string;
  onClose(): void;
  body: ComponentChildren;
}

/** The panel beside a screen; the focus goes back to what opened it. */
function SidePanel({ title, onClose, body }: Side) {
  const panel = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const opener = document.activeElement;
    // Where the panel covers the screen, what opened it is covered, too.
    if (!isShown('main')) panel.current?.focus();
    return () => {
      if (!panel.current?.contains(document.activeElement)) return;
      // Not before it has left the page: until then it may cover where the focus goes.
      queueMicrotask(() => {
        if (opener instanceof HTMLElement && opener !== document.body && opener.isConnected) opener.focus();
        else document.getElementById('title')?.focus();
      });
    };
  }, []);
  return (
    <aside ref={panel} class="side-panel" id="side" tabIndex={-1} data-region aria-label={title}>
      <Edge of="side" />
      <header class="page-head">
        <h2 class="grow">{title}</h2>
        <IconButton icon="x" label={t.value.ui.close} onClick={onClose} />
      </header>
      <div class="side-body">{body}</div>
    </aside>
  );
}

interface PageProps {
  title: string;
  back?: boolean;
  head?: ComponentChildren;
  side?: Side | null;
  children: ComponentChildren;
}

/** Until a screen was shown: the browser has the focus on the page, and nothing takes it. */
let isFirst = true;

/** The main column of a screen and its panel. */
export function Page({ title, back = false, head, side, children }: PageProps) {
  const { path } = useLocation();
  const keysOf = useKeys();
  useEffect(() => {
    if (isFirst) isFirst = false;
    else document.getElementById('title')?.focus();
    drawer.value = false;
  }, [path]);
  return (
    <>
      <main class="main" id="main" tabIndex={-1} data-region aria-label={title}>
        <header class="page-head">
          {back && <a class="button quiet icon-only only-narrow" href="/" aria-label={t.value.app.back}><Icon name="arrow-left" /></a>}
          <span class="drawer-button"><IconButton icon="menu" label={t.value.app.roomList} keys={keysOf('drawer')} aria-expanded={drawer.value} onClick={() => { drawer.value = !drawer.value; }} /></span>
          {head ?? <Heading>{title}</Heading>}
        </header>
        <div class="page-body">{children}</div>
      </main>
      {side && <SidePanel {...side} />}
    </>
  );
}

function RailLink({ href, icon, label }: { href: string; icon: IconName; label: string }) {
  const { path } = useLocation();
  const isCurrent = href === '/' ? path === '/' || path.startsWith('/r/') : path.startsWith(href);
  return (
    <a href={href} class="rail-link" aria-current={isCurrent ? 'page' : undefined} title={label}>
      <Icon name={icon} />
      <span>{label}</span>
    </a>
  );
}

function Rail() {
  const { rooms } = useServices();
  const me = rooms.account.value?.user;
  return (
    <nav class="rail" data-region aria-label={t.value.app.sections}>
      <RailLink href="/" icon="message-square" label={t.value.room.rooms} />
      {me?.role === 'owner' && <RailLink href="/admin/people" icon="shield" label={t.value.app.admin} />}
      <RailLink href="/settings/profile" icon="settings" label={t.value.app.settings} />
      <span class="rail-space" />
      <PresenceMenu>
        <Avatar user={me} presence={presenceOf(rooms, me?.id ?? '')} />
      </PresenceMenu>
    </nav>
  );
}

/** How long the first screen has the connection to itself. */
const PARTS_AFTER = 1_000;

/** Everything around a screen, for somebody who is signed in. */
export function Shell({ children }: { children: ComponentChildren }) {
  const { connection, platform, rooms, widths } = useServices();
  const isOnline = connection.state.value.link === 'online';
  useEffect(() => (isOnline ? platform.clock.after(PARTS_AFTER, () => void loadParts()) : undefined), [isOnline]);
  const list = widths.of.list.value;
  const side = widths.of.side.value;
  const keysOf = useKeys();
  const { path } = useLocation();
  const [atHome, setAtHome] = useState(false);
  useEffect(() => setAtHome(path === '/'), [path]);
  return (
    <div class={`shell ${atHome ? 'at-home' : ''} ${drawer.value ? 'drawer-open' : ''}`}>
      <a class="skip" href="#main">{t.value.app.skip}</a>
      <div class="banners"><Banners /></div>
      <div class="columns" ref={(columns) => {
        columns?.style.setProperty('--list', `${list}px`);
        columns?.style.setProperty('--side', `${side}px`);
      }}>
        <Rail />
        <nav class="room-column" id="rooms" data-region aria-label={t.value.app.roomList}>
          <header class="page-head">
            <b class="grow ellipsis">{rooms.team.value || 'Mesh'}</b>
            <IconButton icon="search" label={t.value.app.jump} keys={keysOf('palette')} onClick={openPalette} />
          </header>
          <div class="room-list"><RoomList /></div>
          <Edge of="list" />
        </nav>
        {drawer.value && <button type="button" class="drawer-shade" aria-label={t.value.ui.close} onClick={() => { drawer.value = false; }} />}
        {children}
      </div>
    </div>
  );
}
