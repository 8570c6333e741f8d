import { useLocation, useRoute } from 'preact-iso';
import { useEffect, useState } from 'preact/hooks';
import { RoomChatView } from '../features/chat/RoomChatView';
import { roomName } from '../features/room/names';
import { isMember, otherMember, presenceOf } from '../features/room/roomStore';
import { t } from '../i18n';
import { focusSoon } from '../platform/page';
import { ROOM_MEMBERS } from '../protocol/generated/limit';
import type { Room } from '../protocol/generated/Room';
import { Button, IconButton } from '../ui/Button';
import { Icon } from '../ui/Icon';
import { Menu, type MenuItem } from '../ui/Menu';
import { EmptyState } from '../ui/Notice';
import { Avatar, PresenceDot } from '../ui/Person';
import { useServices } from './context';
import { later } from './later';
import { Heading, Page } from './Shell';
import { useAction } from './useAction';
import { useKeys } from './useKeys';

// What is not on the first screen comes when it is asked for.
const PeoplePanel = later(() => import('../features/room/PeoplePanel').then((module) => module.PeoplePanel));
const PinsPanel = later(() => import('../features/chat/PinsPanel').then((module) => module.PinsPanel));
const SearchPanel = later(() => import('../features/search/SearchPanel').then((module) => module.SearchPanel));
const LeaveRoomDialog = later(() => import('../features/room/LeaveRoomDialog').then((module) => module.LeaveRoomDialog));
const RoomSettingsDialog = later(() => import('../features/room/RoomSettingsDialog').then((module) => module.RoomSettingsDialog));

const SIDES = ['people', 'search', 'pins'] as const;
type Side = (typeof SIDES)[number];

function Title({ room }: { room: Room }) {
  const { rooms } = useServices();
  const other = room.kind === 'direct' ? otherMember(room, rooms.account.value?.user.id) : undefined;
  const presence = other === undefined ? undefined : rooms.presence.value.get(other);
  return (
    <>
      {other === undefined ? <Icon name={room.visibility === 'open' ? 'hash' : 'lock'} /> : <Avatar size="small" user={rooms.users.value.get(other)} />}
      <Heading>{roomName(rooms, room)}</Heading>
      {other !== undefined && <PresenceDot state={presenceOf(rooms, other)} />}
      <span class="topic ellipsis">{presence?.text ?? room.topic}</span>
    </>
  );
}

function Join({ room }: { room: Room }) {
  const { rest, rooms } = useServices();
  const run = useAction();
  const isFull = room.members.length >= ROOM_MEMBERS;
  return (
    <EmptyState icon="hash" text={isFull ? t.value.room.fullRefusal : t.value.room.joinText(room.name)}>
      <p class="row">{room.members.map((member) => <Avatar key={member.user} user={rooms.users.value.get(member.user)} />)}</p>
      {!isFull && <Button look="primary" onClick={() => run(() => rest.joinRoom(room.id))}>{t.value.room.join}</Button>}
    </EmptyState>
  );
}

export function RoomScreen() {
  const { rooms, rest, connection } = useServices();
  const { params, query } = useRoute();
  const { route, url } = useLocation();
  const [settings, setSettings] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const run = useAction();
  const room = rooms.rooms.value.get(params.room ?? '');
  const side = SIDES.find((one) => one === query.side) ?? null;
  const target = Number(query.m) > 0 ? Number(query.m) : null;
  const me = rooms.account.value?.user;
  const { chat } = useServices();
  const keysOf = useKeys();

  useEffect(() => {
    if (room && target !== null) void chat.jump(room.id, target);
  }, [room?.id, target, connection.state.value.link]);

  if (!room) {
    const text = connection.state.value.link === 'online' ? t.value.room.gone : t.value.room.notHere;
    return <Page title={t.value.room.rooms}><EmptyState icon="hash" text={text}><a class="button" href="/">{t.value.app.toRooms}</a></EmptyState></Page>;
  }
  const go = (next: { side?: Side | null; m?: number | null }) => {
    const values = { side, m: target, ...next };
    const parts = [values.m === null ? '' : `m=${values.m}`, values.side === null ? '' : `side=${values.side}`].filter(Boolean);
    route(`/r/${room.id}${parts.length > 0 ? `?${parts.join('&')}` : ''}`, url.startsWith(`/r/${room.id}`) && next.side === undefined);
  };
  const toggle = (next: Side) => {
    go({ side: side === next ? null : next });
    if (next === 'search' && side !== 'search') focusSoon('search-field');
  };
  const inside = isMember(room, me?.id);
  // Also from outside: a full room has a place again once an owner removed somebody.
  const seesPeople = inside || me?.role === 'owner';
  const member = room.members.find((one) => one.user === me?.id);
  const maySet = room.kind === 'room' && (me?.role === 'owner' || (me?.role === 'member' && member?.access === 'write'));
  const mayReturn = me?.role === 'owner' || (me?.role === 'member' && room.visibility === 'open');
  const leave = () => run(async () => {
    await rest.leaveRoom(room.id);
    route('/');
  });
  const more: MenuItem[] = [
    { label: t.value.chat.pins, icon: 'pin', run: () => toggle('pins') },
    ...(maySet ? [{ label: t.value.room.settings, icon: 'settings' as const, run: () => setSettings(true) }] : []),
    ...(room.kind === 'room' ? [{ label: t.value.room.leave, icon: 'log-out' as const, divided: true, run: () => void (mayReturn ? leave() : setLeaving(true)) }] : []),
  ];
  const titles = { people: t.value.room.peopleIn, search: t.value.app.search, pins: t.value.chat.pins };
  return (
    <Page
      title={roomName(rooms, room)}
      back
      head={
        <>
          <Title room={room} />
          {inside && <IconButton icon="search" label={t.value.app.search} keys={keysOf('search')} aria-pressed={side === 'search'} onClick={() => toggle('search')} />}
          {seesPeople && <IconButton icon="users" label={t.value.room.peopleIn} aria-pressed={side === 'people'} onClick={() => toggle('people')} />}
          {inside && <Menu label={t.value.room.more} items={more} class="button quiet icon-only"><Icon name="ellipsis" /></Menu>}
        </>
      }
      side={
        side && (side === 'people' ? seesPeople : inside)
          ? {
              title: titles[side],
              onClose: () => go({ side: null }),
              body: side === 'people' ? <PeoplePanel room={room} /> : side === 'search' ? <SearchPanel room={room} nameOf={(one) => roomName(rooms, one)} /> : <PinsPanel room={room} />,
            }
          : null
      }
    >
      {inside ? <RoomChatView key={room.id} room={room} title={roomName(rooms, room)} target={target} onTarget={(m) => go({ m })} /> : <Join room={room} />}
      {leaving && <LeaveRoomDialog name={room.name} onLeave={leave} onClose={() => setLeaving(false)} />}
      {settings && <RoomSettingsDialog room={room} onClose={() => setSettings(false)} />}
    </Page>
  );
}
