import { useState } from 'preact/hooks';
import { wordsOf } from '../../app/wordsOf';
import { t } from '../../i18n';
import { STATUS_TEXT_CHARS } from '../../protocol/generated/limit';
import { isRefused } from '../../protocol/rest';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { TextField } from '../../ui/Field';

interface Props {
  text: string;
  onSave(text: string): Promise<void>;
  onClose(): void;
}

/** A few words that others see beside the name. What the box does not take stays in the field, with the reason. */
export function StatusDialog({ text: before, onSave, onClose }: Props) {
  const [text, setText] = useState(before);
  const [error, setError] = useState<string>();
  const words = t.value.presence;
  const save = async () => {
    setError(undefined);
    try {
      await onSave(text.trim());
      onClose();
    } catch (failed) {
      setError(isRefused(failed) && failed.field === 'text' ? words.textRefused : wordsOf(failed));
    }
  };
  return (
    <Dialog title={words.setText} onClose={onClose} foot={<Button look="primary" onClick={save}>{t.value.ui.save}</Button>}>
      <TextField label={words.text} value={text} onValue={setText} maxLength={STATUS_TEXT_CHARS} help={words.textHelp} error={error} />
    </Dialog>
  );
}
