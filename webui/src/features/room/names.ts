/** What rooms are called, for this user. */
import type { Room } from '../../protocol/generated/Room';
import { otherMember, type RoomStore } from './roomStore';

/** The name that is shown: of the room, or of the other person. */
export function roomName(store: RoomStore, room: Room): string {
  if (room.kind === 'room') return room.name;
  const other = otherMember(room, store.account.value?.user.id);
  return store.users.value.get(other ?? '')?.name ?? '?';
}
