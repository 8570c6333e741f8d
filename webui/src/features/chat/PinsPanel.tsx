import { useEffect, useState } from 'preact/hooks';
import { useServices } from '../../app/context';
import { format, t } from '../../i18n';
import type { ChatMessage } from '../../protocol/generated/ChatMessage';
import type { Room } from '../../protocol/generated/Room';
import { EmptyState, ErrorState, Skeleton } from '../../ui/Notice';
import { plain } from './markdown';

/** The pinned chat messages of a room; read again whenever something happens in it. */
export function PinsPanel({ room }: { room: Room }) {
  const { chat, rooms, connection } = useServices();
  const isOnline = connection.state.value.link === 'online';
  const [pins, setPins] = useState<{ messages: ChatMessage[]; leftOut: number } | null>(null);
  const [failed, setFailed] = useState(false);
  const load = async () => {
    setFailed(false);
    try {
      setPins(await chat.pins(room.id));
    } catch {
      setFailed(true);
    }
  };
  // A page that opens on this panel is there before its connection.
  useEffect(() => {
    if (isOnline) void load();
  }, [room.id, room.lastSeq, isOnline]);
  if (failed && pins === null) return <ErrorState text={t.value.chat.pinsFailed} onRetry={load} />;
  if (pins === null) return <Skeleton lines={3} />;
  if (pins.messages.length === 0) return <EmptyState icon="pin" text={t.value.chat.noPins} />;
  return (
    <>
      <ol class="stack tight">
        {pins.messages.map((message) => (
          <li key={message.seq}>
            <a class="hit card" href={`/r/${room.id}?m=${message.seq}&side=pins`}>
              <span class="faint">{rooms.users.value.get(message.by)?.name ?? '?'} · {format.date(message.at)}</span>
              <span class="hit-text">{plain(message.text)}</span>
            </a>
          </li>
        ))}
      </ol>
      {pins.leftOut > 0 && <p class="faint">{t.value.chat.pinsLeftOut(pins.leftOut)}</p>}
    </>
  );
}
