import { ALWAYS_PALETTE, GLOBAL, IN_LIST, isSingle, labelOf, type ShortcutId } from '../features/settings/shortcuts';
import { p } from '../i18n/pages';
import { isMac } from '../platform/page';
import { Dialog } from '../ui/Dialog';
import { useServices } from './context';

/** Keys that are no choice, by what they do. */
export function fixedKeys(sends: 'send' | 'newline'): { inList: [string, string][]; writing: [string, string][] } {
  const words = p.value.shortcuts.names;
  const withMod = labelOf('Mod+Enter', isMac());
  return {
    inList: [['↑ ↓', words.move], ['Enter', words.menu]],
    writing: [
      [sends === 'send' ? 'Enter' : withMod, words.send], [sends === 'send' ? '⇧ Enter' : 'Enter', words.newLine],
      ['↑', words.editLast], ['Esc', words.escape],
    ],
  };
}

function Rows({ title, rows }: { title: string; rows: [keys: string, does: string][] }) {
  const words = p.value.shortcuts;
  return (
    <section class="stack tight">
      <h3>{title}</h3>
      <table class="data-table keys">
        <thead class="visually-hidden"><tr><th scope="col">{words.keys}</th><th scope="col">{words.does}</th></tr></thead>
        <tbody>{rows.map(([keys, does]) => <tr key={does}><td class="lead"><kbd>{keys}</kbd></td><td data-label="">{does}</td></tr>)}</tbody>
      </table>
    </section>
  );
}

/** Keys and what they do on this device. */
export function ShortcutsDialog({ onClose }: { onClose(): void }) {
  const { shortcuts, preferences } = useServices();
  const words = p.value.shortcuts;
  const bindings = shortcuts.bindings.value;
  const fixed = fixedKeys(preferences.values.enter.value);
  const rowsOf = (ids: ShortcutId[]): [string, string][] =>
    ids.map((id) => [`${labelOf(bindings[id], isMac())}${id === 'palette' ? `, ${ALWAYS_PALETTE}` : ''}`, words.names[id]]);
  const single = (Object.keys(IN_LIST) as ShortcutId[]).filter((id) => shortcuts.letters.value || !isSingle(bindings[id]));
  return (
    <Dialog title={words.title} onClose={onClose} foot={<a class="button" href="/settings/shortcuts" onClick={onClose}>{words.changeThem}</a>}>
      <Rows title={words.everywhere} rows={rowsOf(Object.keys(GLOBAL) as ShortcutId[])} />
      <Rows title={words.inList} rows={[...rowsOf(single), ...fixed.inList]} />
      <Rows title={words.writing} rows={fixed.writing} />
    </Dialog>
  );
}
