import { useServices } from '../../app/context';
import { t } from '../../i18n';
import { p } from '../../i18n/pages';
import { copyText, focusSoon } from '../../platform/page';
import { announce } from '../../ui/announce';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { Avatar } from '../../ui/Person';
import { MarkdownView } from './MarkdownView';
import { useNames } from './MessageView';
import type { Pending, Tagged } from './outbox';

/** What the box did not do, in words; a message says it by itself. */
function what(message: Tagged): string | null {
  const words = p.value.unsent;
  switch (message.type) {
    case 'chat_send': return null;
    case 'chat_edit': return words.edit;
    case 'chat_delete': return words.delete;
    case 'chat_react': return words.react(message.emoji, message.on);
    case 'chat_pin': return words.pin(message.on);
  }
}

/** Something that the box refused: why, and what can be done with it. Nothing of it is lost until it is discarded. */
export function RefusedView({ pending, canWrite }: { pending: Pending; canWrite: boolean }) {
  const { chat, rooms } = useServices();
  const names = useNames();
  const { message, error, isOld } = pending;
  const text = 'text' in message ? message.text : null;
  const said = what(message);
  /** The button is gone with what it was for. */
  const then = (run: () => void) => () => {
    focusSoon(canWrite ? 'composer' : 'title');
    run();
  };
  const copy = async () => {
    if (await copyText(text ?? '')) announce(t.value.ui.copied);
  };
  return (
    <article class="message pending refused">
      <div class="side"><Avatar user={rooms.account.value?.user} /></div>
      <div class="content">
        {said !== null && <p>{said}</p>}
        {text !== null && <MarkdownView text={text} names={names} />}
        <p class="error-line"><Icon name="circle-alert" />{isOld ? p.value.unsent.old : t.value.errors[error?.code ?? 'internal']}</p>
        <div class="row">
          <Button small onClick={then(() => chat.outbox.retry(message.tag))}>{isOld ? p.value.unsent.sendAnyway : t.value.ui.retry}</Button>
          {message.type === 'chat_send' && canWrite && <Button small onClick={then(() => void chat.takeBack(message.tag))}>{t.value.chat.edit}</Button>}
          {text !== null && <Button small onClick={copy}>{t.value.ui.copy}</Button>}
          <Button small onClick={then(() => chat.outbox.discard(message.tag))}>{p.value.unsent.discard}</Button>
        </div>
      </div>
    </article>
  );
}
