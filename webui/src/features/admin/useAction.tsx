import { useServices } from '../../app/context';
import { t } from '../../i18n';
import { isRefused } from '../../protocol/rest';
import { Cancelled } from '../session/sessionStore';

/** Runs an owner's action: asks for the password when the box wants it, and says in words what went wrong. */
export function useAction(after: () => Promise<unknown>) {
  const { session, toasts } = useServices();
  return async (run: () => Promise<unknown>) => {
    try {
      await session.guarded(run);
      await after();
    } catch (error) {
      if (error instanceof Cancelled) return;
      toasts.show(t.value.errors[isRefused(error) ? error.code : 'internal'], { look: 'error' });
    }
  };
}
