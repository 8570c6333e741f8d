import { useEffect, useMemo, useState } from 'preact/hooks';
import { useServices } from '../../app/context';
import { useAction } from '../../app/useAction';
import { format, t } from '../../i18n';
import { p } from '../../i18n/pages';
import type { InviteCreated } from '../../protocol/generated/InviteCreated';
import { NAME_CHARS } from '../../protocol/generated/limit';
import type { Person } from '../../protocol/generated/Person';
import type { Role } from '../../protocol/generated/Role';
import { createResource } from '../../protocol/resource';
import { Button } from '../../ui/Button';
import { ConfirmDialog, Dialog } from '../../ui/Dialog';
import { TextField } from '../../ui/Field';
import { Icon } from '../../ui/Icon';
import { Menu } from '../../ui/Menu';
import { ErrorState, Skeleton } from '../../ui/Notice';
import { Avatar } from '../../ui/Person';
import { InviteForm, InviteLink } from '../onboarding/InviteForm';

function TeamName() {
  const { rooms, rest } = useServices();
  const [name, setName] = useState(rooms.team.value);
  const run = useAction();
  return (
    <div class="row end">
      <div class="grow"><TextField label={p.value.welcome.team} value={name} onValue={setName} maxLength={NAME_CHARS} /></div>
      <Button disabled={name.trim() === '' || name === rooms.team.value} onClick={() => run(() => rest.renameTeam(name))}>{t.value.ui.save}</Button>
    </div>
  );
}

interface RowProps {
  person: Person;
  onRole(role: Role): void;
  onReset(): void;
  onRemove(): void;
}

function Row({ person, onRole, onReset, onRemove }: RowProps) {
  const { platform } = useServices();
  const words = p.value.admin;
  const { user } = person;
  const now = platform.clock.now();
  const seen = person.lastSeen === undefined ? words.never : format.relative(person.lastSeen, now);
  const isExpired = user.expiresAt !== undefined && user.expiresAt <= now;
  return (
    <tr>
      <td class="lead"><span class="row"><Avatar user={user} /><span><b>{user.name}</b><br /><span class="faint">@{user.userName}</span></span></span></td>
      <td data-label={words.role}>{user.removed ? <span class="tag">{words.removed}</span> : <>{t.value.roles[user.role]} {isExpired && <span class="tag">{words.accessExpired}</span>}</>}</td>
      <td data-label={words.lastSeen}>{seen}</td>
      <td data-label={words.rooms} class="numbers">{person.rooms}</td>
      <td class="actions">
        {!user.removed && (
          <Menu
            label={words.personMenu(user.name)}
            items={[
              ...(user.role === 'guest' ? [] : [{ label: user.role === 'owner' ? words.makeMember : words.makeOwner, run: () => onRole(user.role === 'owner' ? 'member' : 'owner') }]),
              { label: words.reset, run: onReset },
              { label: words.remove, danger: true, divided: true, run: onRemove },
            ]}
          >
            <Icon name="ellipsis" />
          </Menu>
        )}
      </td>
    </tr>
  );
}

export function PeopleTab() {
  const { rest, session } = useServices();
  const people = useMemo(() => createResource(rest.people), []);
  const run = useAction(people.load);
  const [inviting, setInviting] = useState(false);
  const [removing, setRemoving] = useState<Person | null>(null);
  const [link, setLink] = useState<InviteCreated | null>(null);
  useEffect(() => void people.load(), []);
  const words = p.value.admin;
  const list = people.value.value;
  const reset = (user: string) => run(async () => setLink(await session.guarded(() => rest.resetPerson(user))));
  return (
    <div class="stack">
      <TeamName />
      <div class="row"><Button look="primary" icon="user-plus" onClick={() => setInviting(true)}>{p.value.invite.invite}</Button></div>
      {people.failed.value && <ErrorState text={words.failed} onRetry={people.load} />}
      {!list && !people.failed.value && <Skeleton />}
      {list && (
        <table class="data-table">
          <thead><tr><th scope="col">{words.person}</th><th scope="col">{words.role}</th><th scope="col">{words.lastSeen}</th><th scope="col">{words.rooms}</th><th scope="col"><span class="visually-hidden">{p.value.settings.actions}</span></th></tr></thead>
          <tbody>
            {list.map((person) => (
              <Row
                key={person.user.id}
                person={person}
                onRole={(role) => void run(() => rest.changeRole(person.user.id, role))}
                onReset={() => void reset(person.user.id)}
                onRemove={() => setRemoving(person)}
              />
            ))}
          </tbody>
        </table>
      )}
      {inviting && <Dialog title={p.value.invite.invite} onClose={() => setInviting(false)}><InviteForm onMade={() => void people.load()} /></Dialog>}
      {link && <Dialog title={words.reset} onClose={() => setLink(null)}><InviteLink created={link} /></Dialog>}
      {removing && (
        <ConfirmDialog
          title={words.removeTitle(removing.user.name)}
          text={words.removeText}
          action={words.remove}
          typed={removing.user.userName}
          onConfirm={async () => {
            setRemoving(null);
            await run(() => rest.removePerson(removing.user.id));
          }}
          onClose={() => setRemoving(null)}
        />
      )}
    </div>
  );
}
