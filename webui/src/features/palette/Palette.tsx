import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../../i18n';
import { p } from '../../i18n/pages';
import { useModal } from '../../ui/useModal';
import type { Entry } from './match';

interface Props {
  find(query: string): Entry[];
  onChoose(entry: Entry): void;
  onClose(): void;
}

const SHOWN = 30;

/** Type a few letters, go there: a combobox over everything that has a name. */
export function Palette({ find, onChoose, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const found = find(query).slice(0, SHOWN);
  useModal(dialog);
  useEffect(() => {
    dialog.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  const key = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && found.length > 0) {
      event.preventDefault();
      setAt((at + step + found.length) % found.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      const entry = found[at];
      if (entry) onChoose(entry);
    }
  };
  return (
    <dialog
      ref={dialog}
      class="palette"
      aria-label={t.value.app.jump}
      onCancel={(event) => { event.preventDefault(); onClose(); }}
      onClick={(event) => { if (event.target === dialog.current) onClose(); }}
    >
      <input
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={found.length > 0 ? `palette-${at}` : undefined}
        aria-label={t.value.app.jump}
        placeholder={p.value.palette.placeholder}
        autocomplete="off"
        autofocus
        value={query}
        onInput={(event) => { setQuery(event.currentTarget.value); setAt(0); }}
        onKeyDown={key}
      />
      <ul id="palette-list" role="listbox" aria-label={t.value.app.jump}>
        {found.map((entry, index) => (
          <li key={entry.key} id={`palette-${index}`} role="option" aria-selected={index === at} onClick={() => onChoose(entry)} onMouseMove={() => setAt(index)}>
            <span class="ellipsis">{entry.label}</span>
            <span class="hint">{entry.hint ?? entry.group}</span>
            {entry.keys !== undefined && <kbd>{entry.keys}</kbd>}
          </li>
        ))}
        {found.length === 0 && <li class="pad soft" role="option" aria-selected="false" aria-disabled="true">{p.value.palette.nothing}</li>}
      </ul>
    </dialog>
  );
}
