import { useEffect, useRef, useState } from 'preact/hooks';
import { useServices } from '../../app/context';
import { t } from '../../i18n';
import type { ChatMessage } from '../../protocol/generated/ChatMessage';
import { CHAT_TEXT_BYTES } from '../../protocol/generated/limit';
import type { Room } from '../../protocol/generated/Room';
import { IconButton } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { plain } from './markdown';
import { complete, mentionAt } from './mentions';

interface Props {
  room: Room;
  title: string;
  replyTo: ChatMessage | null;
  editing: ChatMessage | null;
  onDone(): void;
  onEditLast(): void;
}

export function Composer({ room, title, replyTo, editing, onDone, onEditLast }: Props) {
  const { chat, rooms, preferences } = useServices();
  const area = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(chat.draft(room.id));
  const [choice, setChoice] = useState(0);
  const [caret, setCaret] = useState(0);
  const words = t.value.chat;

  useEffect(() => {
    setText(editing ? editing.text : chat.draft(room.id));
    if (editing || replyTo) area.current?.focus();
  }, [room.id, editing?.seq, replyTo?.seq]);

  // What is typed in another tab is typed here, and what was refused can be written again.
  const shared = chat.sharedDraft.value;
  useEffect(() => {
    if (shared?.room === room.id && !editing) setText(chat.draft(room.id));
  }, [shared]);

  const people = room.members.flatMap((member) => rooms.users.value.get(member.user) ?? []);
  const mention = mentionAt(text, caret);
  const options = mention === null ? [] : complete(mention.query, people, words.everyone);
  const bytes = new TextEncoder().encode(text).length;

  const change = (next: string) => {
    setText(next);
    setChoice(0);
    if (!editing) chat.setDraft(room.id, next);
    chat.typed(room.id, next.trim() !== '');
  };

  const submit = () => {
    if (text.trim() === '' || bytes > CHAT_TEXT_BYTES) return;
    if (editing) {
      if (text !== editing.text) chat.edit(room.id, editing.seq, text);
    } else {
      chat.send(room.id, text, replyTo?.seq);
      chat.setDraft(room.id, '');
    }
    chat.typed(room.id, false);
    setText('');
    onDone();
  };

  const accept = (name: string) => {
    if (!mention) return;
    const next = `${text.slice(0, mention.start)}@${name} ${text.slice(caret)}`;
    change(next);
    const at = mention.start + name.length + 2;
    requestAnimationFrame(() => area.current?.setSelectionRange(at, at));
    setCaret(at);
  };

  const key = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (options.length > 0) {
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault();
        const step = event.key === 'ArrowDown' ? 1 : -1;
        return setChoice((choice + step + options.length) % options.length);
      }
      if (event.key === 'Enter' || event.key === 'Tab') {
        event.preventDefault();
        return accept(options[choice]?.name ?? '');
      }
      if (event.key === 'Escape') {
        event.stopPropagation();
        return setCaret(-1);
      }
    }
    const withModifier = event.ctrlKey || event.metaKey;
    const sends = preferences.values.enter.value === 'send' ? !event.shiftKey && !withModifier : withModifier;
    if (event.key === 'Enter' && sends) {
      event.preventDefault();
      submit();
    } else if (event.key === 'ArrowUp' && text === '' && !editing) {
      event.preventDefault();
      onEditLast();
    } else if (event.key === 'Escape' && (editing || replyTo)) {
      event.stopPropagation();
      onDone();
    }
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {(editing || replyTo) && (
        <p class="composer-mode">
          <Icon name={editing ? 'pencil' : 'reply'} />
          <span class="ellipsis grow">{editing ? words.editing : words.replyingTo(rooms.users.value.get(replyTo!.by)?.name ?? '?', plain(replyTo!.text))}</span>
          <IconButton small icon="x" label={t.value.ui.cancel} onClick={onDone} />
        </p>
      )}
      {options.length > 0 && (
        <ul class="completions" role="listbox" id="completions" aria-label={words.mention}>
          {options.map((option, index) => (
            <li key={option.name} id={`completion-${index}`} role="option" aria-selected={index === choice} onMouseDown={(event) => { event.preventDefault(); accept(option.name); }}>
              <b>{option.label}</b> <span class="faint">@{option.name}</span>
            </li>
          ))}
        </ul>
      )}
      <div class="composer-box">
        <textarea
          ref={area}
          id="composer"
          rows={1}
          placeholder={words.placeholder(title)}
          aria-label={words.placeholder(title)}
          aria-controls={options.length > 0 ? 'completions' : undefined}
          aria-autocomplete="list"
          aria-activedescendant={options.length > 0 ? `completion-${choice}` : undefined}
          value={text}
          onInput={(event) => { change(event.currentTarget.value); setCaret(event.currentTarget.selectionStart); }}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
          onKeyDown={key}
        />
        <IconButton icon="send" label={editing ? words.save : words.send} type="submit" disabled={text.trim() === '' || bytes > CHAT_TEXT_BYTES} />
      </div>
      {bytes > CHAT_TEXT_BYTES * 0.9 && (
        <p class={bytes > CHAT_TEXT_BYTES ? 'error-line' : 'faint'} role="status">{words.length(bytes, CHAT_TEXT_BYTES)}</p>
      )}
    </form>
  );
}
