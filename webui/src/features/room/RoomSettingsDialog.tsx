import { useLocation } from 'preact-iso';
import { useState } from 'preact/hooks';
import { useServices } from '../../app/context';
import { useAction } from '../../app/useAction';
import { wordsOf } from '../../app/wordsOf';
import { t } from '../../i18n';
import { NAME_CHARS, TOPIC_CHARS } from '../../protocol/generated/limit';
import type { Room } from '../../protocol/generated/Room';
import { Button } from '../../ui/Button';
import { ConfirmDialog, Dialog } from '../../ui/Dialog';
import { Choice, ErrorLine, TextField } from '../../ui/Field';

/** Name, topic, who enters; for owners also archive and delete. */
export function RoomSettingsDialog({ room, onClose }: { room: Room; onClose(): void }) {
  const { rest, rooms, session, toasts } = useServices();
  const { route } = useLocation();
  const run = useAction();
  const [name, setName] = useState(room.name);
  const [topic, setTopic] = useState(room.topic);
  const [visibility, setVisibility] = useState(room.visibility);
  const [error, setError] = useState<string | null>(null);
  const [deleting, setDeleting] = useState(false);
  const words = t.value.room;
  const isOwner = rooms.account.value?.user.role === 'owner';
  const attempt = async (run: () => Promise<unknown>) => {
    try {
      await run();
      onClose();
    } catch (failure) {
      setError(wordsOf(failure));
    }
  };
  const save = () =>
    attempt(() =>
      rest.changeRoom(room.id, {
        ...(name === room.name ? {} : { name }),
        ...(topic === room.topic ? {} : { topic }),
        ...(visibility === room.visibility ? {} : { visibility }),
      }),
    );
  const archive = () =>
    attempt(async () => {
      await rest.changeRoom(room.id, { archived: !room.archived });
      toasts.show(room.archived ? words.unarchived : words.archived, {
        undo: () => void run(() => rest.changeRoom(room.id, { archived: room.archived })),
      });
    });
  const remove = () =>
    attempt(async () => {
      await session.guarded(() => rest.deleteRoom(room.id));
      route('/');
    });
  if (deleting) {
    return <ConfirmDialog title={words.deleteTitle(room.name)} text={words.deleteText} action={words.delete} typed={room.name} onConfirm={remove} onClose={() => setDeleting(false)} />;
  }
  const changed = name !== room.name || topic !== room.topic || visibility !== room.visibility;
  return (
    <Dialog
      title={words.settings}
      onClose={onClose}
      foot={
        <>
          {isOwner && <Button icon="trash-2" onClick={() => setDeleting(true)}>{words.delete}</Button>}
          {isOwner && <Button icon="archive" onClick={archive}>{room.archived ? words.unarchive : words.archiveAction}</Button>}
          <Button look="primary" disabled={!changed || name.trim() === ''} onClick={save}>{t.value.ui.save}</Button>
        </>
      }
    >
      <TextField label={words.name} value={name} onValue={setName} maxLength={NAME_CHARS} disabled={room.archived} />
      <TextField label={words.topic} value={topic} onValue={setTopic} maxLength={TOPIC_CHARS} disabled={room.archived} />
      <fieldset class="plain" disabled={room.archived}>
        <legend class="legend">{words.whoEnters}</legend>
        <Choice type="radio" name="visibility" label={words.open} help={words.openHelp} checked={visibility === 'open'} onChecked={() => setVisibility('open')} />
        <Choice type="radio" name="visibility" label={words.invited} help={words.invitedHelp} checked={visibility === 'invited'} onChecked={() => setVisibility('invited')} />
      </fieldset>
      <ErrorLine text={error} />
    </Dialog>
  );
}
