import { useState } from 'preact/hooks';
import { useServices } from '../../app/context';
import { later } from '../../app/later';
import { useAction } from '../../app/useAction';
import { format, t } from '../../i18n';
import type { ChatMessage } from '../../protocol/generated/ChatMessage';
import type { Revision } from '../../protocol/generated/Revision';
import type { Room } from '../../protocol/generated/Room';
import { Composer } from './Composer';
import { MessageList } from './MessageList';
import './chat.css';

interface Props {
  room: Room;
  title: string;
  target: number | null;
  onTarget(seq: number | null): void;
}

/** Why this person can't write here; null when they can. */
function blocked(room: Room, me: string | undefined): string | null {
  const member = room.members.find((one) => one.user === me);
  if (room.archived) return t.value.chat.archived;
  if (member?.access === 'read') return t.value.chat.readOnly;
  return null;
}

const RevisionsDialog = later(() => import('./RevisionsDialog').then((module) => module.RevisionsDialog));

/** Messages, who is writing, and the composer of one room. */
export function RoomChatView({ room, title, target, onTarget }: Props) {
  const { chat, rooms, toasts } = useServices();
  const run = useAction();
  const me = rooms.account.value?.user.id;
  const [replyTo, setReplyTo] = useState<ChatMessage | null>(null);
  const [editing, setEditing] = useState<ChatMessage | null>(null);
  const [revisions, setRevisions] = useState<Revision[] | null>(null);
  const [hidden, setHidden] = useState<ReadonlySet<number>>(new Set());
  const why = blocked(room, me);
  const writing = rooms.typing(room.id).map((user) => rooms.users.value.get(user)?.name ?? '?');

  const actions = {
    reply(message: ChatMessage) {
      setEditing(null);
      setReplyTo(message);
    },
    edit(message: ChatMessage) {
      setReplyTo(null);
      setEditing(message);
    },
    /** Gone at once, on the box after ten seconds without a change of mind; sooner when the page goes away. */
    remove(message: ChatMessage) {
      const { seq } = message;
      setHidden((old) => new Set([...old, seq]));
      const show = () => setHidden((old) => new Set([...old].filter((one) => one !== seq)));
      const undo = chat.removeSoon(room.id, seq, show);
      toasts.show(t.value.chat.messageDeleted, { undo });
    },
    async history(message: ChatMessage) {
      await run(async () => setRevisions(await chat.revisions(room.id, message.seq)));
    },
    async jump(seq: number) {
      if (await chat.jump(room.id, seq)) onTarget(seq);
      else toasts.show(t.value.chat.notFound, { look: 'error' });
    },
  };
  const editLast = () => {
    const items = chat.open(room.id).timeline.peek().items;
    const last = items.findLast((item) => item.type === 'message' && item.by === me && !item.deleted);
    if (last?.type === 'message') actions.edit(last);
  };
  const done = () => {
    setReplyTo(null);
    setEditing(null);
  };
  return (
    <>
      <MessageList room={room} canWrite={why === null} target={target} actions={actions} hidden={hidden} />
      <p class="typing-line" aria-live="off">{writing.length > 0 ? t.value.chat.writing(format.list(writing), writing.length) : ''}</p>
      {why === null ? (
        <Composer room={room} title={title} replyTo={replyTo} editing={editing} onDone={done} onEditLast={editLast} />
      ) : (
        <p class="no-write">{why}</p>
      )}
      {revisions && <RevisionsDialog revisions={revisions} onClose={() => setRevisions(null)} />}
    </>
  );
}
