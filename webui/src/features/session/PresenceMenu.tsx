import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { useServices } from '../../app/context';
import { later } from '../../app/later';
import { useAction } from '../../app/useAction';
import { t } from '../../i18n';
import type { Availability } from '../../protocol/generated/Availability';
import { Menu } from '../../ui/Menu';

const StatusDialog = later(() => import('./StatusDialog').then((module) => module.StatusDialog));

/** How to be reached: availability, a few words, and the way out. */
export function PresenceMenu({ children }: { children: ComponentChildren }) {
  const { rooms, presence, signOut } = useServices();
  const act = useAction();
  const [editing, setEditing] = useState(false);
  const account = rooms.account.value;
  const words = t.value.presence;
  const current = account?.availability ?? 'automatic';
  const choices: [Availability, string][] = [['automatic', words.automatic], ['away', words.away], ['do_not_disturb', words.do_not_disturb]];
  return (
    <>
      <Menu
        class="avatar-button"
        label={words.menu(account?.user.name ?? '')}
        items={[
          ...choices.map(([value, label]) => ({ label, checked: value === current, run: () => void act(() => presence.set(value, account?.statusText ?? '')) })),
          { label: words.setText, icon: 'pencil', divided: true, run: () => setEditing(true) },
          { label: t.value.app.signOut, icon: 'log-out', divided: true, run: () => void signOut() },
        ]}
      >
        {children}
      </Menu>
      {editing && <StatusDialog text={account?.statusText ?? ''} onSave={(text) => presence.set(current, text)} onClose={() => setEditing(false)} />}
    </>
  );
}
