import { t } from '../i18n';
import { Button, IconButton } from './Button';
import type { Toasts } from './toasts';

export function ToastRegion({ toasts }: { toasts: Toasts }) {
  const { hold, release } = toasts;
  return (
    <section class="toasts" aria-label={t.value.ui.notices} onMouseEnter={hold} onMouseLeave={release} onFocusIn={hold} onFocusOut={release}>
      {toasts.shown.value.map((toast) => (
        <div key={toast.id} class={`toast ${toast.look}`} role={toast.look === 'error' ? 'alert' : 'status'}>
          <span>{toast.text}</span>
          {toast.undo && (
            <Button
              small
              onClick={() => {
                toast.undo?.();
                toasts.dismiss(toast.id);
              }}
            >
              {t.value.ui.undo}
            </Button>
          )}
          <IconButton small icon="x" label={t.value.ui.close} onClick={() => toasts.dismiss(toast.id)} />
        </div>
      ))}
    </section>
  );
}
