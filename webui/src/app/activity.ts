/** Tells the box whether somebody is at this screen: the page was used in the last five minutes. */
import { effect } from '@preact/signals-core';
import type { Clock } from '../platform/types';
import type { Connection } from '../protocol/connection';

const IDLE_AFTER = 5 * 60_000;

interface Options {
  platform: { clock: Clock; onUse(run: () => void): void };
  connection: Pick<Connection, 'state' | 'send'>;
}

export function createActivity({ platform, connection }: Options): void {
  let isActive = true;
  let told = true;
  let cancel = () => {};

  function tell() {
    if (told !== isActive && connection.send({ type: 'presence_activity', active: isActive })) told = isActive;
  }

  function used() {
    isActive = true;
    tell();
    cancel();
    cancel = platform.clock.after(IDLE_AFTER, () => {
      isActive = false;
      tell();
    });
  }

  used();
  platform.onUse(used);
  effect(() => {
    if (connection.state.value.link !== 'online') return;
    // The box takes a new connection for an active one.
    told = true;
    tell();
  });
}
