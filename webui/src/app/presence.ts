/** Choosing how to be reached and what others read beside the name; done when the box has saved it. */
import type { Clock } from '../platform/types';
import type { Connection } from '../protocol/connection';
import type { Availability } from '../protocol/generated/Availability';
import type { ServerMessage } from '../protocol/generated/ServerMessage';
import { Refused } from '../protocol/rest';

/** How long the box may take to answer. */
const ANSWER_WITHIN = 10_000;

export function createPresence({ clock, connection }: { clock: Clock; connection: () => Connection }) {
  let asked: { resolve(): void; reject(error: Refused): void } | null = null;

  function settle(error: Refused | null) {
    if (error) asked?.reject(error);
    else asked?.resolve();
    asked = null;
  }

  return {
    /** Fails with a `Refused` that says why; nothing has changed then. */
    async set(availability: Availability, text: string): Promise<void> {
      if (!connection().send({ type: 'presence_set', availability, text })) throw new Refused('unreachable');
      settle(new Refused('busy'));
      let cancel = () => {};
      try {
        await new Promise<void>((resolve, reject) => {
          asked = { resolve, reject };
          cancel = clock.after(ANSWER_WITHIN, () => settle(new Refused('unreachable')));
        });
      } finally {
        cancel();
      }
    },
    hear(message: ServerMessage) {
      if (message.type === 'account_changed') settle(null);
      if (message.type === 'error') settle(new Refused(message.code, message));
    },
  };
}
