import { useLocation } from 'preact-iso';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { useServices } from '../../app/context';
import { later } from '../../app/later';
import { useAction } from '../../app/useAction';
import { t } from '../../i18n';
import type { Room } from '../../protocol/generated/Room';
import { IconButton } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { Avatar } from '../../ui/Person';
import { roomName } from './names';
import { isMember, otherMember, presenceOf } from './roomStore';

const CreateRoomDialog = later(() => import('./CreateRoomDialog').then((module) => module.CreateRoomDialog));

function UnreadBadge({ room }: { room: Room }) {
  const { messages, mentions } = room.unread;
  if (messages === 0) return null;
  const label = t.value.room.unread(messages, mentions);
  return mentions > 0 ? <span class="badge" role="img" aria-label={label}>{mentions}</span> : <span class="visually-hidden">{label}</span>;
}

function RoomLink({ room }: { room: Room }) {
  const { rooms } = useServices();
  const { path } = useLocation();
  const other = room.kind === 'direct' ? otherMember(room, rooms.account.value?.user.id) : undefined;
  const isCurrent = path === `/r/${room.id}`;
  return (
    <li>
      <a href={`/r/${room.id}`} class={`room-link ${room.unread.messages > 0 ? 'unread' : ''}`} aria-current={isCurrent ? 'page' : undefined}>
        {other === undefined ? <Icon name={room.visibility === 'open' ? 'hash' : 'lock'} /> : <Avatar size="small" user={rooms.users.value.get(other)} presence={presenceOf(rooms, other)} />}
        <span class="ellipsis grow">{roomName(rooms, room)}</span>
        <UnreadBadge room={room} />
      </a>
    </li>
  );
}

function Section({ title, action, children }: { title: string; action?: ComponentChildren; children: ComponentChildren }) {
  return (
    <section>
      <div class="section-head">
        <h2>{title}</h2>
        {action}
      </div>
      <ul>{children}</ul>
    </section>
  );
}

/** Everybody one could write to and has no direct messages with yet. */
function OtherPeople() {
  const { rooms, rest } = useServices();
  const { route } = useLocation();
  const run = useAction();
  const me = rooms.account.value?.user.id;
  const known = new Set(rooms.directs.value.map((room) => otherMember(room, me)));
  const people = [...rooms.users.value.values()].filter((user) => user.id !== me && !user.removed && !known.has(user.id));
  const open = (user: string) => run(async () => route(`/r/${(await rest.openDirect(user)).room}`));
  return people
    .sort((a, b) => a.name.localeCompare(b.name))
    .map((user) => (
      <li key={user.id}>
        <button type="button" class="room-link" onClick={() => open(user.id)}>
          <Avatar size="small" user={user} presence={presenceOf(rooms, user.id)} />
          <span class="ellipsis grow">{user.name}</span>
        </button>
      </li>
    ));
}

export function RoomList() {
  const { rooms, chat } = useServices();
  const unsent = chat.outbox.refused.value.length;
  const [creating, setCreating] = useState(false);
  const words = t.value.room;
  const role = rooms.account.value?.user.role;
  const create = role === 'guest' ? null : <IconButton small icon="plus" label={words.create} onClick={() => setCreating(true)} />;
  const me = rooms.account.value?.user.id;
  return (
    <>
      {unsent > 0 && <a class="room-link unread" href="/unsent"><Icon name="circle-alert" /><span class="ellipsis">{words.unsent(unsent)}</span></a>}
      <Section title={words.rooms} action={create}>
        {rooms.mine.value.map((room) => <RoomLink key={room.id} room={room} />)}
        {rooms.mine.value.length === 0 && <li class="faint pad">{words.none}</li>}
      </Section>
      <Section title={words.people}>
        {rooms.directs.value.map((room) => <RoomLink key={room.id} room={room} />)}
        <OtherPeople />
      </Section>
      {rooms.joinable.value.length > 0 && (
        <Section title={words.joinable}>{rooms.joinable.value.map((room) => <RoomLink key={room.id} room={room} />)}</Section>
      )}
      {rooms.archived.value.some((room) => isMember(room, me)) && (
        <Section title={words.archive}>
          {rooms.archived.value.filter((room) => isMember(room, me)).map((room) => <RoomLink key={room.id} room={room} />)}
        </Section>
      )}
      {creating && <CreateRoomDialog onClose={() => setCreating(false)} />}
    </>
  );
}
