import { p } from '../i18n/pages';
import { isMac } from '../platform/page';
import { Dialog } from '../ui/Dialog';

/** Keys and what they do, with the labels of this platform. */
export function ShortcutTable() {
  const words = p.value.shortcuts;
  const mod = isMac() ? '⌘' : 'Ctrl';
  const rows: [string, string][] = [
    [`${mod} K, F1`, words.palette],
    [`${mod} /`, words.sheet],
    [`${isMac() ? '⌃' : 'Ctrl'} F6`, words.regions],
    ['Alt ↑ ↓', words.rooms],
    ['Alt ⇧ ↑ ↓', words.unread],
    [`${mod} ⇧ F`, words.search],
    [`${mod} B`, words.drawer],
    ['↑', words.editLast],
    ['Enter', words.send],
    ['⇧ Enter', words.newLine],
    ['Esc', words.escape],
  ];
  return (
    <table class="data-table">
      <thead><tr><th scope="col">{words.keys}</th><th scope="col">{words.does}</th></tr></thead>
      <tbody>
        {rows.map(([keys, does]) => (
          <tr key={keys}>
            <td class="lead"><kbd>{keys}</kbd></td>
            <td data-label="">{does}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function ShortcutsDialog({ onClose }: { onClose(): void }) {
  return <Dialog title={p.value.shortcuts.title} onClose={onClose}><ShortcutTable /></Dialog>;
}
