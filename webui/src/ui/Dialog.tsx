import type { ComponentChildren } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';
import { t } from '../i18n';
import { Button, IconButton } from './Button';
import { TextField } from './Field';
import { useModal } from './useModal';

interface DialogProps {
  title: string;
  onClose(): void;
  wide?: boolean;
  children: ComponentChildren;
  foot?: ComponentChildren;
}

/** A modal dialog: Escape closes it, the backdrop too unless something was typed; the focus returns to where it was. */
export function Dialog({ title, onClose, wide, children, foot }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const hasInput = useRef(false);
  const pressed = useRef<EventTarget | null>(null);
  const id = useId();
  useModal(dialog);
  return (
    <dialog
      ref={dialog}
      class={`dialog ${wide ? 'wide' : ''}`}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onInput={() => {
        hasInput.current = true;
      }}
      onPointerDown={(event) => {
        pressed.current = event.target;
      }}
      onClick={(event) => {
        // A selection that ends outside is a click on the backdrop as well; it began elsewhere.
        const isBackdrop = event.target === dialog.current && pressed.current === dialog.current;
        if (isBackdrop && !hasInput.current) onClose();
      }}
    >
      <div class="dialog-head">
        <h2 id={id}>{title}</h2>
        <IconButton icon="x" label={t.value.ui.close} onClick={onClose} />
      </div>
      <div class="dialog-body">
        {children}
        {foot && <div class="dialog-foot">{foot}</div>}
      </div>
    </dialog>
  );
}

interface ConfirmProps {
  title: string;
  text: string;
  action: string;
  /** What has to be typed for an action that can't be taken back. */
  typed?: string;
  onConfirm(): unknown;
  onClose(): void;
}

export function ConfirmDialog({ title, text, action, typed, onConfirm, onClose }: ConfirmProps) {
  const [value, setValue] = useState('');
  return (
    <Dialog
      title={title}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{t.value.ui.cancel}</Button>
          <Button look="danger" disabled={typed !== undefined && value !== typed} onClick={onConfirm}>{action}</Button>
        </>
      }
    >
      <p class="soft">{text}</p>
      {typed !== undefined && (
        <TextField label={t.value.ui.typeToConfirm(typed)} value={value} onValue={setValue} autocomplete="off" />
      )}
    </Dialog>
  );
}
