import { useEffect, useMemo } from 'preact/hooks';
import { useServices } from '../../app/context';
import { useAction } from '../../app/useAction';
import { format, t } from '../../i18n';
import { p } from '../../i18n/pages';
import { createResource } from '../../protocol/resource';
import { Button } from '../../ui/Button';
import { EmptyState, ErrorState, Skeleton } from '../../ui/Notice';
import { InviteForm } from '../onboarding/InviteForm';

export function InvitesTab() {
  const { rest, rooms } = useServices();
  const invites = useMemo(() => createResource(rest.invites), []);
  const run = useAction(invites.load);
  useEffect(() => void invites.load(), []);
  const words = p.value.admin;
  const list = invites.value.value;
  return (
    <div class="stack">
      <div class="card"><InviteForm onMade={() => void invites.load()} /></div>
      {invites.failed.value && <ErrorState text={words.failed} onRetry={invites.load} />}
      {!list && !invites.failed.value && <Skeleton />}
      {list?.length === 0 && <EmptyState icon="mail" text={words.noInvites} />}
      {list && list.length > 0 && (
        <table class="data-table">
          <thead><tr><th scope="col">{words.for}</th><th scope="col">{words.role}</th><th scope="col">{words.rooms}</th><th scope="col">{words.expires}</th><th scope="col">{words.state}</th><th scope="col"><span class="visually-hidden">{p.value.settings.actions}</span></th></tr></thead>
          <tbody>
            {list.map((invite) => (
              <tr key={invite.id}>
                <td class="lead"><b>{invite.name || words.anybody}</b></td>
                <td data-label={words.role}>{invite.kind === 'reset' ? words.resetKind : t.value.roles[invite.role]}</td>
                <td data-label={words.rooms}>{invite.rooms.map((room) => rooms.rooms.value.get(room)?.name ?? '?').join(', ')}</td>
                <td data-label={words.expires}>{format.full(invite.expiresAt)}</td>
                <td data-label={words.state}><span class={`tag ${invite.state === 'open' ? 'ok' : ''}`}>{words.states[invite.state]}</span></td>
                <td class="actions">{invite.state === 'open' && <Button small onClick={() => run(() => rest.revokeInvite(invite.id))}>{words.revoke}</Button>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
