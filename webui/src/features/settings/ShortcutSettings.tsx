import { useLayoutEffect, useState } from 'preact/hooks';
import { useServices } from '../../app/context';
import { fixedKeys } from '../../app/ShortcutsDialog';
import { p } from '../../i18n/pages';
import { captureKeys, isMac } from '../../platform/page';
import { announce } from '../../ui/announce';
import { Button, IconButton } from '../../ui/Button';
import { Choice, ErrorLine } from '../../ui/Field';
import { problemOf, type Problem } from './shortcutRules';
import { ALWAYS_PALETTE, comboOf, DEFAULTS, GLOBAL, IN_LIST, isSingle, labelOf, type ShortcutId } from './shortcuts';

const shown = (combo: string) => labelOf(combo, isMac());

function reason(problem: Problem, combo: string): string {
  const words = p.value.shortcuts;
  switch (problem.why) {
    case 'taken':
      return words.taken(shown(combo), words.names[problem.by]);
    case 'altGr':
      return words.altGr;
    default:
      return words[problem.why](shown(combo));
  }
}

interface RowProps {
  id: ShortcutId;
  recording: boolean;
  onRecording(on: boolean): void;
}

/** One shortcut: its keys, and how to press others for it. */
function Row({ id, recording, onRecording }: RowProps) {
  const { shortcuts } = useServices();
  const [error, setError] = useState<string | null>(null);
  const words = p.value.shortcuts;
  const name = words.names[id];
  const combo = shortcuts.bindings.value[id];
  const isOff = !shortcuts.letters.value && isSingle(combo);

  const choose = (next: string): boolean => {
    const problem = problemOf(id, next, shortcuts.bindings.peek());
    setError(problem && reason(problem, next));
    if (problem) return false;
    shortcuts.set(id, next);
    announce(words.set(name, shown(next)));
    return true;
  };

  const standard = (event: MouseEvent) => {
    if (!choose(DEFAULTS[id])) return;
    // This button goes; the one beside it stays.
    (event.currentTarget as HTMLElement).parentElement?.querySelector<HTMLElement>(':scope > :last-child')?.focus();
  };

  useLayoutEffect(() => {
    setError(null);
    if (!recording) return undefined;
    return captureKeys((event) => {
      // Tab goes on through the page, as everywhere.
      if (event.key === 'Tab') return onRecording(false);
      event.preventDefault();
      event.stopPropagation();
      if (event.key === 'Escape') return onRecording(false);
      const next = comboOf(event);
      if (next !== null && choose(next)) onRecording(false);
    });
  }, [recording]);

  return (
    <tr>
      <td class="lead">
        <span>{name}</span>
      </td>
      <td data-label={words.keys}>
        {recording ? (
          <span class="recording" role="status">{words.press}</span>
        ) : (
          <span class={isOff ? 'faint' : ''}><kbd>{shown(combo)}</kbd>{id === 'palette' && <> <kbd>{ALWAYS_PALETTE}</kbd></>}</span>
        )}
        <ErrorLine text={error} />
      </td>
      <td class="actions">
        <div class="row end">
          {shortcuts.isChanged(id) && !recording && <IconButton small icon="history" label={words.resetOf(name)} onClick={standard} />}
          <Button small aria-label={words.changeOf(name)} aria-pressed={recording} onBlur={() => onRecording(false)} onClick={() => onRecording(!recording)}>{words.change}</Button>
        </div>
      </td>
    </tr>
  );
}

function Group({ title, ids, fixed = [], recording, onRecording }: { title: string; ids: ShortcutId[]; fixed?: [string, string][]; recording: ShortcutId | null; onRecording(id: ShortcutId | null): void }) {
  const words = p.value.shortcuts;
  return (
    <section class="stack tight">
      <h3>{title}</h3>
      <table class="data-table shortcuts">
        <thead><tr><th scope="col">{words.does}</th><th scope="col">{words.keys}</th><th scope="col"><span class="visually-hidden">{words.actions}</span></th></tr></thead>
        <tbody>
          {ids.map((id) => <Row key={id} id={id} recording={recording === id} onRecording={(on) => onRecording(on ? id : null)} />)}
          {fixed.map(([keys, does]) => <tr key={does}><td class="lead"><span>{does}</span></td><td data-label={words.keys}><kbd>{keys}</kbd></td><td /></tr>)}
        </tbody>
      </table>
    </section>
  );
}

/** All shortcuts of this device, and how to change them. */
export function ShortcutSettings() {
  const { shortcuts, preferences } = useServices();
  const [recording, setRecording] = useState<ShortcutId | null>(null);
  const words = p.value.shortcuts;
  const ids = Object.keys(DEFAULTS) as ShortcutId[];
  const fixed = fixedKeys(preferences.values.enter.value);
  const isChanged = ids.some((id) => shortcuts.isChanged(id));
  return (
    <div class="stack">
      <Choice type="switch" label={words.letters} help={words.lettersHelp} checked={shortcuts.letters.value} onChecked={shortcuts.setLetters} />
      <Group title={words.everywhere} ids={Object.keys(GLOBAL) as ShortcutId[]} recording={recording} onRecording={setRecording} />
      <Group title={words.inList} ids={Object.keys(IN_LIST) as ShortcutId[]} fixed={fixed.inList} recording={recording} onRecording={setRecording} />
      <Group title={words.writing} ids={[]} fixed={fixed.writing} recording={recording} onRecording={setRecording} />
      <div class="row"><Button icon="history" disabled={!isChanged} onClick={() => shortcuts.resetAll()}>{words.resetAll}</Button></div>
    </div>
  );
}
