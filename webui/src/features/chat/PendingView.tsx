import { useServices } from '../../app/context';
import { t } from '../../i18n';
import { copyText, focusSoon } from '../../platform/page';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { Avatar } from '../../ui/Person';
import { MarkdownView } from './MarkdownView';
import { useNames } from './MessageView';
import type { Pending } from './outbox';

/** A message that the box has not confirmed: waiting, on its way, or refused with the reason. */
export function PendingView({ pending, canWrite }: { pending: Pending; canWrite: boolean }) {
  const { chat, rooms } = useServices();
  const names = useNames();
  const { message, state, error } = pending;
  if (message.type !== 'chat_send') return null;
  const { outbox } = chat;
  const edit = async () => {
    focusSoon('composer');
    await chat.takeBack(message.tag);
  };
  const states = { waiting: t.value.chat.waiting, sending: t.value.chat.sending, refused: t.value.errors[error?.code ?? 'internal'] };
  return (
    <article class={`message pending ${state}`}>
      <div class="side"><Avatar user={rooms.account.value?.user} /></div>
      <div class="content">
        <MarkdownView text={message.text} names={names} />
        <p class={state === 'refused' ? 'error-line' : 'faint row'}>
          <Icon name={state === 'refused' ? 'circle-alert' : 'clock'} />
          {states[state]}
          {state === 'waiting' && error ? ` ${t.value.errors[error.code]}` : ''}
        </p>
        {state === 'refused' && (
          <div class="row">
            <Button small onClick={() => outbox.retry(message.tag)}>{t.value.ui.retry}</Button>
            {canWrite && <Button small onClick={edit}>{t.value.chat.edit}</Button>}
            <Button small onClick={() => copyText(message.text)}>{t.value.ui.copy}</Button>
            <Button small onClick={() => outbox.discard(message.tag)}>{t.value.chat.delete}</Button>
          </div>
        )}
      </div>
    </article>
  );
}
