import { useState } from 'preact/hooks';
import { useServices } from '../../app/context';
import { later } from '../../app/later';
import { wordsOf } from '../../app/wordsOf';
import { format, t } from '../../i18n';
import { p } from '../../i18n/pages';
import { addressOf } from '../../platform/page';
import type { InviteCreated } from '../../protocol/generated/InviteCreated';
import { INVITE_SECONDS, NAME_CHARS, ROOM_MEMBERS } from '../../protocol/generated/limit';
import type { Role } from '../../protocol/generated/Role';
import { Button } from '../../ui/Button';
import { Choice, ErrorLine, SelectField, TextField } from '../../ui/Field';
import { CopyField } from '../../ui/Notice';

const Qr = later(() => import('../../ui/Qr'));
const DAY = 86_400;

/** The link, shown this once, with a QR code for the phone of the person who is invited. */
export function InviteLink({ created }: { created: InviteCreated }) {
  const link = addressOf(`/i/${created.token}`);
  const text = p.value.invite;
  return (
    <div class="card stack tight">
      <p><b>{created.invite.kind === 'reset' ? text.resetFor(created.invite.name) : text.linkFor(created.invite.name)}</b></p>
      <CopyField text={link} label={text.link} />
      <Qr text={link} label={text.qr} />
      <p class="faint">{text.once(format.full(created.invite.expiresAt))}</p>
    </div>
  );
}

/** Makes one-use links: for whom, as what, into which rooms, for how long. */
export function InviteForm({ onMade }: { onMade(): void }) {
  const { rest, rooms, isOnline } = useServices();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('member');
  const [life, setLife] = useState(String(INVITE_SECONDS));
  const [chosen, setInto] = useState<readonly string[] | null>(null);
  // Until somebody chooses: the first room, whenever it is known.
  const into = chosen ?? rooms.mine.value.slice(0, 1).map((room) => room.id);
  // A link that is made before would lead into no room.
  const isEarly = chosen === null && rooms.mine.value.length === 0 && !isOnline.value;
  const [error, setError] = useState<string | null>(null);
  const [created, setCreated] = useState<readonly InviteCreated[]>([]);
  const text = p.value.invite;
  const make = async () => {
    setError(null);
    try {
      const one = await rest.createInvite({ name, role, rooms: [...into], expiresIn: Number(life) });
      setCreated([one, ...created]);
      setName('');
      onMade();
    } catch (failure) {
      setError(wordsOf(failure));
    }
  };
  return (
    <div class="stack">
      <form class="stack" onSubmit={(event) => { event.preventDefault(); void make(); }}>
        <TextField label={text.name} value={name} onValue={setName} maxLength={NAME_CHARS} autocomplete="off" />
        <SelectField label={text.role} value={role} onValue={(value) => setRole(value)} options={[{ value: 'member', label: t.value.roles.member }, { value: 'guest', label: text.guestRole }]} />
        <SelectField label={text.life} value={life} onValue={setLife} options={[{ value: '3600', label: text.hour }, { value: String(DAY), label: text.day }, { value: String(INVITE_SECONDS), label: text.week }]} />
        {rooms.mine.value.length > 0 && (
          <fieldset class="plain">
            <legend class="legend">{text.rooms}</legend>
            {rooms.mine.value.map((room) => (
              <Choice key={room.id} type="checkbox" label={room.name} help={room.members.length >= ROOM_MEMBERS ? t.value.room.full : undefined} checked={into.includes(room.id)} onChecked={(on) => setInto(on ? [...into, room.id] : into.filter((one) => one !== room.id))} />
            ))}
          </fieldset>
        )}
        <ErrorLine text={error} />
        <Button look="primary" icon="user-plus" type="submit" disabled={isEarly || (role === 'guest' && into.length === 0)}>{text.make}</Button>
      </form>
      <div class="stack" aria-live="polite">{created.map((one) => <InviteLink key={one.invite.id} created={one} />)}</div>
    </div>
  );
}
