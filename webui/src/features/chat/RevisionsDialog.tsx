import { format, t } from '../../i18n';
import type { Revision } from '../../protocol/generated/Revision';
import { Dialog } from '../../ui/Dialog';

/** What a message said before it was edited. */
export function RevisionsDialog({ revisions, onClose }: { revisions: Revision[]; onClose(): void }) {
  return (
    <Dialog title={t.value.chat.formerTexts} onClose={onClose}>
      <ol class="stack">
        {revisions.map((revision) => (
          <li key={revision.at} class="card">
            <p class="faint">{format.full(revision.at)}</p>
            <p>{revision.text}</p>
          </li>
        ))}
      </ol>
    </Dialog>
  );
}
