/** Tells the box whether somebody is at this screen: attended, and used in the last five minutes. */
import { effect } from '@preact/signals-core';
import type { Platform } from '../platform/types';
import type { Connection } from '../protocol/connection';

const IDLE_AFTER = 5 * 60_000;

export function createActivity({ platform, connection }: { platform: Platform; connection: Connection }): void {
  let active = true;
  let cancel = () => {};

  function tell(next: boolean) {
    if (next !== active && connection.send({ type: 'presence_activity', active: next })) active = next;
  }

  platform.onAttention((attended) => {
    cancel();
    if (attended) tell(true);
    else cancel = platform.clock.after(IDLE_AFTER, () => tell(false));
  });
  effect(() => {
    // The box takes a new connection for an active one.
    if (connection.state.value.link === 'online') active = true;
  });
}
