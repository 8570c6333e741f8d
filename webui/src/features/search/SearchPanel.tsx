import { useEffect } from 'preact/hooks';
import { useServices } from '../../app/context';
import { format } from '../../i18n';
import { p } from '../../i18n/pages';
import { SEARCH_QUERY_BYTES } from '../../protocol/generated/limit';
import type { Room } from '../../protocol/generated/Room';
import { announce } from '../../ui/announce';
import { Button } from '../../ui/Button';
import { SelectField, TextField } from '../../ui/Field';
import { EmptyState, ErrorState, Skeleton } from '../../ui/Notice';
import { plain } from '../chat/markdown';
import { highlight } from './highlight';

interface Props {
  room: Room;
  nameOf(room: Room): string;
}

export function SearchPanel({ room, nameOf }: Props) {
  const { search, rooms } = useServices();
  const words = p.value.search;
  const { hits, state, more, query, by } = search;
  useEffect(() => {
    if (search.room.peek() !== null) search.setRoom(room.id);
  }, [room.id]);
  // A list that fills under the field is seen, not heard.
  useEffect(() => {
    if (state.value !== 'done') return;
    const n = hits.value.length;
    announce(n === 0 && !more.value ? words.nothing : words.found(n, more.value));
  }, [state.value, hits.value]);
  const people = [...rooms.users.value.values()].map((user) => ({ value: user.id, label: user.name }));
  return (
    <div class="stack">
      <search class="stack tight">
        <TextField id="search-field" type="search" label={words.label} value={query.value} onValue={search.setQuery} maxLength={SEARCH_QUERY_BYTES} autocomplete="off" />
        <SelectField label={words.where} value={search.room.value === null ? 'all' : 'room'} options={[{ value: 'all', label: words.everywhere }, { value: 'room', label: nameOf(room) }]} onValue={(value) => search.setRoom(value === 'all' ? null : room.id)} />
        <SelectField label={words.who} value={by.value ?? ''} options={[{ value: '', label: words.anybody }, ...people]} onValue={(value) => search.setBy(value === '' ? null : value)} />
      </search>
      {state.value === 'idle' && <EmptyState icon="search" text={words.hint} />}
      {state.value === 'failed' && <ErrorState text={words.failed} onRetry={search.retry} />}
      {state.value === 'done' && hits.value.length === 0 && !more.value && <EmptyState icon="search" text={words.nothing} />}
      <ol class="stack tight" aria-label={words.results} aria-busy={state.value === 'loading'}>
        {hits.value.map(({ room: where, message }) => {
          const found = rooms.rooms.value.get(where);
          return (
            <li key={`${where} ${message.seq}`}>
              <a class="hit card" href={`/r/${where}?m=${message.seq}&side=search`}>
                <span class="faint">{found ? nameOf(found) : '?'} · {rooms.users.value.get(message.by)?.name ?? '?'} · {format.date(message.at)}</span>
                <span class="hit-text">{highlight(plain(message.text), query.value).map((piece, index) => (piece.hit ? <mark key={index}>{piece.text}</mark> : piece.text))}</span>
              </a>
            </li>
          );
        })}
      </ol>
      {state.value === 'loading' && <Skeleton lines={3} />}
      {state.value === 'done' && more.value && <Button onClick={search.loadMore}>{words.more}</Button>}
    </div>
  );
}
