import { Cancelled } from '../features/session/sessionStore';
import { useServices } from './context';
import { wordsOf } from './wordsOf';

/**
 * Runs what a person asked for: asks for the password when the box wants it, then does `after`, and says in words what
 * went wrong. Resolves to whether it is done; never rejects.
 */
export function useAction(after?: () => unknown) {
  const { session, toasts } = useServices();
  return async (run: () => Promise<unknown>): Promise<boolean> => {
    try {
      await session.guarded(run);
      await after?.();
      return true;
    } catch (error) {
      if (!(error instanceof Cancelled)) toasts.show(wordsOf(error), { look: 'error' });
      return false;
    }
  };
}
