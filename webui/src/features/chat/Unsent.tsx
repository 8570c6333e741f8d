import { useServices } from '../../app/context';
import { Page } from '../../app/Shell';
import { p } from '../../i18n/pages';
import { EmptyState } from '../../ui/Notice';
import { roomName } from '../room/names';
import { RefusedView } from './RefusedView';
import './chat.css';

/** All that the box refused, by room: also of rooms that are gone, which have no other place to show it. */
export function Unsent() {
  const { chat, rooms } = useServices();
  const words = p.value.unsent;
  const refused = chat.outbox.refused.value;
  const places = [...new Set(refused.map((one) => one.message.room))];
  return (
    <Page title={words.title} back>
      <div class="scroll" role="region" tabIndex={0} aria-label={words.title}>
        {refused.length === 0 && <EmptyState icon="info" text={words.none} />}
        {places.map((id) => {
          const room = rooms.rooms.value.get(id);
          return (
            <section key={id}>
              <h2 class="day-line"><span>{room ? <a href={`/r/${id}`}>{roomName(rooms, room)}</a> : words.goneRoom}</span></h2>
              {refused.filter((one) => one.message.room === id).map((one) => <RefusedView key={one.message.tag} pending={one} canWrite={false} />)}
            </section>
          );
        })}
      </div>
    </Page>
  );
}
