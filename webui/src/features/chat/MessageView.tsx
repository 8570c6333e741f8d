import type { ComponentChildren } from 'preact';
import { useServices } from '../../app/context';
import { format, t } from '../../i18n';
import { addressOf, copyText } from '../../platform/page';
import type { ChatMessage } from '../../protocol/generated/ChatMessage';
import type { Room } from '../../protocol/generated/Room';
import { announce } from '../../ui/announce';
import { IconButton } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { Menu, type MenuItem } from '../../ui/Menu';
import { Avatar } from '../../ui/Person';
import { plain } from './markdown';
import { MarkdownView } from './MarkdownView';

export const QUICK = ['👍', '❤️', '😄', '🎉', '👀', '✅'];

export interface MessageActions {
  reply(message: ChatMessage): void;
  edit(message: ChatMessage): void;
  remove(message: ChatMessage): void;
  history(message: ChatMessage): void;
  jump(seq: number): void;
}

interface Props {
  room: Room;
  message: ChatMessage;
  grouped: boolean;
  seenBy: readonly string[];
  canWrite: boolean;
  isTarget: boolean;
  /** The text that it answers, when it is on this page. */
  answered: ChatMessage | null;
  actions: MessageActions;
}

export function useNames() {
  const { rooms } = useServices();
  const me = rooms.account.value?.user.userName ?? '';
  const nameOf = (userName: string) => {
    const wanted = userName.toLowerCase();
    for (const user of rooms.users.value.values()) if (user.userName === wanted) return user.name;
    return null;
  };
  return { nameOf, me };
}

function menuItems(props: Props, services: ReturnType<typeof useServices>): MenuItem[] {
  const { room, message, actions, canWrite } = props;
  const words = t.value.chat;
  const me = services.rooms.account.value?.user;
  const isMine = message.by === me?.id;
  const mayDelete = isMine || (me?.role === 'owner' && room.kind === 'room');
  const copy = async (text: string) => {
    if (await copyText(text)) announce(t.value.ui.copied);
  };
  const items: MenuItem[] = [];
  if (canWrite) items.push({ label: words.reply, icon: 'reply', run: () => actions.reply(message) });
  if (canWrite && isMine) items.push({ label: words.edit, icon: 'pencil', run: () => actions.edit(message) });
  items.push(
    { label: words.copyText, icon: 'copy', run: () => void copy(message.text) },
    { label: words.copyLink, icon: 'link', run: () => void copy(addressOf(`/r/${room.id}?m=${message.seq}`)) },
    { label: words.markUnread, icon: 'mail', run: () => services.chat.unreadFrom(room.id, message.seq) },
  );
  if (canWrite) {
    const label = message.pinned ? words.unpin : words.pin;
    items.push({ label, icon: message.pinned ? 'pin-off' : 'pin', run: () => services.chat.pin(room.id, message.seq, !message.pinned) });
  }
  if (message.editedAt !== undefined) items.push({ label: words.showHistory, icon: 'history', run: () => actions.history(message) });
  if (canWrite && mayDelete) {
    items.push({ label: words.delete, icon: 'trash-2', danger: true, divided: true, run: () => actions.remove(message) });
  }
  return items;
}

function Reactions({ room, message, canWrite }: Pick<Props, 'room' | 'message' | 'canWrite'>) {
  const { chat, rooms } = useServices();
  const me = rooms.account.value?.user.id ?? '';
  if (message.reactions.length === 0) return null;
  const names = (users: string[]) => format.list(users.map((user) => rooms.users.value.get(user)?.name ?? '?'));
  return (
    <div class="reactions">
      {message.reactions.map(({ emoji, users }) => (
        <button
          key={emoji}
          type="button"
          aria-pressed={users.includes(me)}
          disabled={!canWrite}
          title={names(users)}
          aria-label={t.value.chat.reactedBy(emoji, users.length, names(users))}
          onClick={() => chat.react(room.id, message.seq, emoji, !users.includes(me))}
        >
          <span aria-hidden="true">{emoji} {users.length}</span>
        </button>
      ))}
    </div>
  );
}

function Tools(props: Props) {
  const services = useServices();
  const { room, message, canWrite, actions } = props;
  const reactions = QUICK.map((emoji) => ({
    label: emoji,
    run: () => services.chat.react(room.id, message.seq, emoji, true),
  }));
  return (
    <div class="tools">
      {canWrite && <Menu label={t.value.chat.react} items={reactions}><Icon name="smile-plus" /></Menu>}
      {canWrite && <IconButton small icon="reply" label={t.value.chat.reply} onClick={() => actions.reply(message)} />}
      <Menu label={t.value.chat.more} items={menuItems(props, services)}><Icon name="ellipsis" /></Menu>
    </div>
  );
}

function Answered({ message, onJump }: { message: ChatMessage | null; onJump(): void }) {
  const { rooms } = useServices();
  const name = message ? (rooms.users.value.get(message.by)?.name ?? '?') : t.value.chat.earlier;
  return (
    <button type="button" class="answered" onClick={onJump}>
      <Icon name="reply" />
      <b>{name}</b>
      <span class="ellipsis">{message?.deleted ? t.value.chat.deleted : message && plain(message.text)}</span>
    </button>
  );
}

export function MessageView(props: Props): ComponentChildren {
  const { message, grouped, seenBy, isTarget, answered, actions } = props;
  const { rooms } = useServices();
  const names = useNames();
  const author = rooms.users.value.get(message.by);
  const me = rooms.account.value?.user.id ?? '';
  const isMention = message.everyone || message.mentions.includes(me);
  const look = ['message', grouped ? 'grouped' : '', isMention && message.by !== me ? 'mentions' : '', isTarget ? 'target' : ''];
  const at = <time class="numbers" title={format.full(message.at)} dateTime={new Date(message.at).toISOString()}>{format.time(message.at)}</time>;
  return (
    <article id={`m${message.seq}`} class={look.filter(Boolean).join(' ')} data-seq={message.seq} tabIndex={-1} aria-label={t.value.chat.messageBy(author?.name ?? '?', format.full(message.at))}>
      <div class="side">{grouped ? at : <Avatar user={author} />}</div>
      <div class="content">
        {!grouped && (
          <header>
            <b class={`author person-${author?.color ?? 0}`}>{author?.name ?? '?'}</b>
            {at}
          </header>
        )}
        {message.replyTo !== undefined && <Answered message={answered} onJump={() => actions.jump(message.replyTo!)} />}
        {message.deleted ? <p class="deleted">{t.value.chat.deleted}</p> : <MarkdownView text={message.text} names={names} />}
        <div class="marks">
          {message.pinned && <span class="tag"><Icon name="pin" />{t.value.chat.pinned}</span>}
          {message.editedAt !== undefined && !message.deleted && (
            <span class="faint" title={format.full(message.editedAt)}>{t.value.chat.edited}</span>
          )}
        </div>
        <Reactions {...props} />
      </div>
      {!message.deleted && <Tools {...props} />}
      {seenBy.length > 0 && (
        <div class="seen" title={t.value.chat.seenBy(format.list(seenBy.map((user) => rooms.users.value.get(user)?.name ?? '?')))}>
          <span class="visually-hidden">{t.value.chat.seenBy(format.list(seenBy.map((user) => rooms.users.value.get(user)?.name ?? '?')))}</span>
          {seenBy.map((user) => <Avatar key={user} size="small" user={rooms.users.value.get(user)} />)}
        </div>
      )}
    </article>
  );
}
