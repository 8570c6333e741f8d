import { useLocation } from 'preact-iso';
import { useState } from 'preact/hooks';
import { useServices } from '../../app/context';
import { wordsOf } from '../../app/wordsOf';
import { t } from '../../i18n';
import { NAME_CHARS, ROOM_MEMBERS, TOPIC_CHARS } from '../../protocol/generated/limit';
import type { Visibility } from '../../protocol/generated/Visibility';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Choice, ErrorLine, TextField } from '../../ui/Field';

export function CreateRoomDialog({ onClose }: { onClose(): void }) {
  const { rest, rooms } = useServices();
  const { route } = useLocation();
  const [name, setName] = useState('');
  const [topic, setTopic] = useState('');
  const [visibility, setVisibility] = useState<Visibility>('open');
  const [members, setMembers] = useState<readonly string[]>([]);
  const [error, setError] = useState<string | null>(null);
  const words = t.value.room;
  const me = rooms.account.value?.user.id;
  const others = [...rooms.users.value.values()].filter((user) => user.id !== me && !user.removed);
  const create = async () => {
    try {
      const { room } = await rest.createRoom({ name, topic, visibility, members: [...members] });
      onClose();
      route(`/r/${room}`);
    } catch (failure) {
      setError(wordsOf(failure));
    }
  };
  return (
    <Dialog
      title={words.create}
      onClose={onClose}
      foot={<Button look="primary" disabled={name.trim() === ''} onClick={create}>{words.createAction}</Button>}
    >
      <TextField label={words.name} value={name} onValue={setName} maxLength={NAME_CHARS} autocomplete="off" autofocus />
      <TextField label={words.topic} value={topic} onValue={setTopic} maxLength={TOPIC_CHARS} autocomplete="off" help={words.topicHelp} />
      <fieldset class="plain">
        <legend class="legend">{words.whoEnters}</legend>
        <Choice type="radio" name="visibility" label={words.open} help={words.openHelp} checked={visibility === 'open'} onChecked={() => setVisibility('open')} />
        <Choice type="radio" name="visibility" label={words.invited} help={words.invitedHelp} checked={visibility === 'invited'} onChecked={() => setVisibility('invited')} />
      </fieldset>
      {others.length > 0 && (
        <fieldset class="plain">
          <legend class="legend">{words.membersOf(members.length + 1)}</legend>
          {others.map((user) => (
            <Choice
              key={user.id}
              type="checkbox"
              label={user.name}
              checked={members.includes(user.id)}
              disabled={members.length + 1 >= ROOM_MEMBERS && !members.includes(user.id)}
              onChecked={(on) => setMembers(on ? [...members, user.id] : members.filter((one) => one !== user.id))}
            />
          ))}
        </fieldset>
      )}
      <ErrorLine text={error} />
    </Dialog>
  );
}
