import { useState } from 'preact/hooks';
import { useServices } from '../../app/context';
import { useAction } from '../../app/useAction';
import { t } from '../../i18n';
import type { Access } from '../../protocol/generated/Access';
import { ROOM_MEMBERS } from '../../protocol/generated/limit';
import type { Room } from '../../protocol/generated/Room';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { Menu, type MenuItem } from '../../ui/Menu';
import { Avatar } from '../../ui/Person';
import { presenceOf } from './roomStore';

/** Who is in the room, and for those who may: who else should be. */
export function PeoplePanel({ room }: { room: Room }) {
  const { rooms, rest } = useServices();
  const run = useAction();
  const [adding, setAdding] = useState(false);
  const words = t.value.room;
  const me = rooms.account.value?.user;
  const mine = room.members.find((member) => member.user === me?.id);
  const mayAdd = room.kind === 'room' && !room.archived && (me?.role === 'owner' || (me?.role === 'member' && mine?.access === 'write'));

  const items = (user: string, access: Access): MenuItem[] => {
    const next: Access = access === 'write' ? 'read' : 'write';
    const list: MenuItem[] = [{ label: access === 'write' ? words.makeReader : words.makeWriter, run: () => void run(() => rest.putMember(room.id, user, next)) }];
    if (me?.role === 'owner') list.push({ label: words.removeMember, danger: true, divided: true, run: () => void run(() => rest.removeMember(room.id, user)) });
    return list;
  };
  const outside = [...rooms.users.value.values()].filter((user) => !user.removed && !room.members.some((member) => member.user === user.id));
  return (
    <div class="stack">
      <ul class="stack tight">
        {room.members.map((member) => {
          const user = rooms.users.value.get(member.user);
          const presence = rooms.presence.value.get(member.user);
          return (
            <li key={member.user} class="person-row">
              <Avatar user={user} presence={presenceOf(rooms, member.user)} />
              <div class="grow">
                <p class="ellipsis"><b>{user?.name ?? '?'}</b>{member.user === me?.id ? ` (${words.you})` : ''}</p>
                <p class="faint ellipsis">{presence?.text || `@${user?.userName ?? ''} · ${t.value.roles[user?.role ?? 'member']}`}</p>
              </div>
              {member.access === 'read' && <span class="tag">{words.reads}</span>}
              {mayAdd && member.user !== me?.id && (
                <Menu label={words.memberMenu(user?.name ?? '?')} items={items(member.user, member.access)}><Icon name="ellipsis" /></Menu>
              )}
            </li>
          );
        })}
      </ul>
      {mayAdd && room.members.length >= ROOM_MEMBERS && <p class="faint">{words.full}</p>}
      {mayAdd && room.members.length < ROOM_MEMBERS && outside.length > 0 && !adding && (
        <Button icon="user-plus" onClick={() => setAdding(true)}>{words.add}</Button>
      )}
      {adding && (
        <ul class="stack tight">
          {outside.map((user) => (
            <li key={user.id} class="person-row">
              <Avatar user={user} />
              <span class="grow ellipsis">{user.name}</span>
              <Button small onClick={() => run(() => rest.putMember(room.id, user.id, 'write'))}>{words.addAction}</Button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
