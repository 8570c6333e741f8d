/** The keys of a shortcut as this device shows them; changes with them. */
import { labelOf, type ShortcutId } from '../features/settings/shortcuts';
import { isMac } from '../platform/page';
import { useServices } from './context';

export function useKeys(): (id: ShortcutId) => string {
  const { shortcuts } = useServices();
  return (id) => labelOf(shortcuts.bindings.value[id], isMac());
}
