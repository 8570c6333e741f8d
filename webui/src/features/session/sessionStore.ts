/** Who uses this browser: signed in or not, and the password asked for again before sensitive things. */
import { signal, type ReadonlySignal } from '@preact/signals-core';
import type { Account } from '../../protocol/generated/Account';
import type { Status } from '../../protocol/generated/Status';
import { isRefused, type Rest } from '../../protocol/rest';

export type Phase = 'starting' | 'unreachable' | 'unclaimed' | 'signed_out' | 'signed_in';

export interface SessionStore {
  phase: ReadonlySignal<Phase>;
  status: ReadonlySignal<Status | null>;
  /** Nobody is signed in because the box ended the session: elsewhere, or after too long a time. */
  wasEnded: ReadonlySignal<boolean>;
  /** Somebody has to give their password before `guarded` goes on. */
  confirming: ReadonlySignal<{ done(): void; cancel(): void } | null>;
  start(known: boolean): Promise<void>;
  signIn(userName: string, password: string): Promise<void>;
  /** Somebody is signed in; what this page knew of somebody else is let go before. */
  signedIn(account: Account): Promise<void>;
  signOut(): Promise<void>;
  /** The box ended the session. */
  ended(): Promise<void>;
  /** Runs something that may need the password again, and asks for it when it does. */
  guarded<T>(run: () => Promise<T>): Promise<T>;
}

interface Options {
  rest: Rest;
  /** Whose things this browser keeps. */
  lastUser(): string | null;
  onSignedIn(account: Account): Promise<void>;
  /** The person wanted to leave: nothing of theirs stays. */
  onSignedOut(): Promise<void>;
  /** The session is over without their doing: what only this browser has stays. */
  onEnded(): Promise<void>;
  /** The box has no team: what is here is of another one. */
  onUnclaimed(): Promise<void>;
}

/** The person closed the dialog that asked for the password. */
export class Cancelled extends Error {}

export function createSessionStore({ rest, lastUser, onSignedIn, onSignedOut, onEnded, onUnclaimed }: Options): SessionStore {
  const phase = signal<Phase>('starting');
  const status = signal<Status | null>(null);
  const wasEnded = signal(false);
  const confirming = signal<{ done(): void; cancel(): void } | null>(null);

  async function signedIn(account: Account) {
    const before = lastUser();
    if (before !== null && before !== account.user.id) await onEnded();
    await onSignedIn(account);
    wasEnded.value = false;
    phase.value = 'signed_in';
  }

  async function ended() {
    // First of all nothing more is shown; then it is cleared away.
    wasEnded.value = true;
    phase.value = 'signed_out';
    confirming.peek()?.cancel();
    await onEnded();
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
    wasEnded,
    confirming,
    async start(known) {
      // What the browser remembers is shown at once; the box corrects it.
      if (known) phase.value = 'signed_in';
      let account;
      try {
        account = await rest.account();
      } catch (error) {
        // Only the box itself ends a session; one that is ill, or something between that answers, does not.
        if (!isRefused(error) || error.code !== 'signed_out') {
          if (!known) phase.value = 'unreachable';
          return;
        }
        try {
          status.value = await rest.status();
        } catch {
          phase.value = 'unreachable';
          return;
        }
        if (status.value.claimed && lastUser() !== null) return ended();
        if (!status.value.claimed) await onUnclaimed();
        phase.value = status.value.claimed ? 'signed_out' : 'unclaimed';
        return;
      }
      await signedIn(account);
    },
    async signIn(userName, password) {
      await signedIn(await rest.signIn({ userName, password }));
    },
    signedIn,
    async signOut() {
      try {
        await rest.signOut();
      } catch (error) {
        // Ended already, which is what was wanted; anything else leaves the session as it is.
        if (!isRefused(error) || error.code !== 'signed_out') throw error;
      }
      wasEnded.value = false;
      phase.value = 'signed_out';
      await onSignedOut();
    },
    ended,
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
