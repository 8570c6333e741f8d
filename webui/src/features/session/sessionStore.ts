/** Who uses this browser: signed in or not, and the password asked for again before sensitive things. */
import { signal, type ReadonlySignal } from '@preact/signals-core';
import type { Account } from '../../protocol/generated/Account';
import type { Status } from '../../protocol/generated/Status';
import { isRefused, type Rest } from '../../protocol/rest';

export type Phase = 'starting' | 'unreachable' | 'unclaimed' | 'signed_out' | 'signed_in';

export interface SessionStore {
  phase: ReadonlySignal<Phase>;
  status: ReadonlySignal<Status | null>;
  /** Somebody has to give their password before `guarded` goes on. */
  confirming: ReadonlySignal<{ done(): void; cancel(): void } | null>;
  start(known: boolean): Promise<void>;
  signIn(userName: string, password: string): Promise<void>;
  signedIn(account: Account): void;
  signOut(): Promise<void>;
  /** The box ended the session. */
  ended(): void;
  /** Runs something that may need the password again, and asks for it when it does. */
  guarded<T>(run: () => Promise<T>): Promise<T>;
}

interface Options {
  rest: Rest;
  onSignedIn(account: Account): void;
  onSignedOut(): Promise<void>;
}

/** The person closed the dialog that asked for the password. */
export class Cancelled extends Error {}

export function createSessionStore({ rest, onSignedIn, onSignedOut }: Options): SessionStore {
  const phase = signal<Phase>('starting');
  const status = signal<Status | null>(null);
  const confirming = signal<{ done(): void; cancel(): void } | null>(null);

  function signedIn(account: Account) {
    phase.value = 'signed_in';
    onSignedIn(account);
  }

  function askPassword(): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => () => {
        confirming.value = null;
        settle();
      };
      confirming.value = { done: end(resolve), cancel: end(() => reject(new Cancelled('cancelled'))) };
    });
  }

  return {
    phase,
    status,
    confirming,
    async start(known) {
      // What the browser remembers is shown at once; the box corrects it.
      if (known) phase.value = 'signed_in';
      try {
        signedIn(await rest.account());
      } catch (error) {
        if (isRefused(error) && error.code === 'unreachable') {
          if (!known) phase.value = 'unreachable';
          return;
        }
        try {
          status.value = await rest.status();
        } catch {
          phase.value = 'unreachable';
          return;
        }
        if (known) await onSignedOut();
        phase.value = status.value.claimed ? 'signed_out' : 'unclaimed';
      }
    },
    async signIn(userName, password) {
      signedIn(await rest.signIn({ userName, password }));
    },
    signedIn,
    async signOut() {
      await rest.signOut();
      phase.value = 'signed_out';
      await onSignedOut();
    },
    ended() {
      phase.value = 'signed_out';
    },
    async guarded(run) {
      try {
        return await run();
      } catch (error) {
        if (!isRefused(error) || error.code !== 'reauthentication_needed') throw error;
        await askPassword();
        return run();
      }
    },
  };
}
