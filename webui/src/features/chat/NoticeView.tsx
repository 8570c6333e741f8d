import { useServices } from '../../app/context';
import { format, t } from '../../i18n';
import type { Notice } from '../../protocol/generated/Notice';

/** What happened to the room, as one sentence. */
export function NoticeView({ notice }: { notice: Notice }) {
  const { rooms } = useServices();
  const name = (user: string) => rooms.users.value.get(user)?.name ?? '?';
  const words = t.value.notice;
  const { change, by } = notice;
  let text = '';
  switch (change.type) {
    case 'created':
      text = change.name === '' ? words.directStarted(name(by)) : words.created(name(by), change.name);
      break;
    case 'joined':
      text = change.user === by ? words.joined(name(by)) : words.added(name(by), name(change.user));
      break;
    case 'left':
      text = change.user === by ? words.left(name(by)) : words.removed(name(by), name(change.user));
      break;
    case 'changed':
      if (change.archived !== undefined) text = change.archived ? words.archived(name(by)) : words.unarchived(name(by));
      else if (change.name !== undefined) text = words.renamed(name(by), change.name);
      else if (change.topic !== undefined) text = words.topic(name(by), change.topic);
      else text = words.changed(name(by));
  }
  return <p class="notice" title={format.full(notice.at)}>{text}</p>;
}
