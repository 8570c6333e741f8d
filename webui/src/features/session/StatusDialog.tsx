import { useState } from 'preact/hooks';
import { t } from '../../i18n';
import { STATUS_TEXT_CHARS } from '../../protocol/generated/limit';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { TextField } from '../../ui/Field';

interface Props {
  text: string;
  onSave(text: string): void;
  onClose(): void;
}

/** A few words that others see beside the name. */
export function StatusDialog({ text: before, onSave, onClose }: Props) {
  const [text, setText] = useState(before);
  const words = t.value.presence;
  const save = () => {
    onSave(text.trim());
    onClose();
  };
  return (
    <Dialog title={words.setText} onClose={onClose} foot={<Button look="primary" onClick={save}>{t.value.ui.save}</Button>}>
      <TextField label={words.text} value={text} onValue={setText} maxLength={STATUS_TEXT_CHARS} help={words.textHelp} />
    </Dialog>
  );
}
