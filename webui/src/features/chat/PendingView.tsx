import { useServices } from '../../app/context';
import { later } from '../../app/later';
import { t } from '../../i18n';
import { Icon } from '../../ui/Icon';
import { Avatar } from '../../ui/Person';
import { MarkdownView } from './MarkdownView';
import { useNames } from './MessageView';
import type { Pending } from './outbox';

const RefusedView = later(() => import('./RefusedView').then((module) => module.RefusedView));

/** Something that the box has not confirmed: a message that waits or is on its way, and whatever was refused. */
export function PendingView({ pending, canWrite }: { pending: Pending; canWrite: boolean }) {
  const { rooms } = useServices();
  const names = useNames();
  const { message, state, error } = pending;
  if (state === 'refused') return <RefusedView pending={pending} canWrite={canWrite} />;
  // Other things that wait are shown as done (a message hidden, a text changed), or come with the box's answer.
  if (message.type !== 'chat_send') return null;
  return (
    <article class={`message pending ${state}`}>
      <div class="side"><Avatar user={rooms.account.value?.user} /></div>
      <div class="content">
        <MarkdownView text={message.text} names={names} />
        <p class="faint row">
          <Icon name="clock" />
          {t.value.chat[state]}
          {state === 'waiting' && error ? ` ${t.value.errors[error.code]}` : ''}
        </p>
      </div>
    </article>
  );
}
