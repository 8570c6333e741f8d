import { useState } from 'preact/hooks';
import { useServices } from '../../app/context';
import { t } from '../../i18n';
import { p } from '../../i18n/pages';
import { ROOM_MEMBERS } from '../../protocol/generated/limit';
import type { Room } from '../../protocol/generated/Room';
import { Button } from '../../ui/Button';
import { EmptyState } from '../../ui/Notice';
import { CreateRoomDialog } from '../room/CreateRoomDialog';
import { RoomSettingsDialog } from '../room/RoomSettingsDialog';

export function RoomsTab() {
  const { rooms } = useServices();
  const [creating, setCreating] = useState(false);
  const [setting, setSetting] = useState<Room | null>(null);
  const words = p.value.admin;
  const list = [...rooms.rooms.value.values()].filter((room) => room.kind === 'room').sort((a, b) => a.name.localeCompare(b.name));
  return (
    <div class="stack">
      <div class="row"><Button look="primary" icon="plus" onClick={() => setCreating(true)}>{t.value.room.create}</Button></div>
      {list.length === 0 && <EmptyState icon="hash" text={t.value.room.none} />}
      {list.length > 0 && (
        <table class="data-table">
          <thead><tr><th scope="col">{words.room}</th><th scope="col">{words.members}</th><th scope="col">{words.state}</th><th scope="col"><span class="visually-hidden">{p.value.settings.actions}</span></th></tr></thead>
          <tbody>
            {list.map((room) => (
              <tr key={room.id}>
                <td class="lead"><span><b>{room.name}</b><br /><span class="faint">{room.topic}</span></span></td>
                <td data-label={words.members} class="numbers">{room.members.length} / {ROOM_MEMBERS}</td>
                <td data-label={words.state}>{room.archived ? <span class="tag">{words.archived}</span> : room.visibility === 'open' ? t.value.room.open : t.value.room.invited}</td>
                <td class="actions"><Button small onClick={() => setSetting(room)}>{t.value.room.settings}</Button></td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {creating && <CreateRoomDialog onClose={() => setCreating(false)} />}
      {setting && <RoomSettingsDialog room={setting} onClose={() => setSetting(null)} />}
    </div>
  );
}
