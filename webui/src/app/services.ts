/** Puts the stores together. Features don't know each other; this file does. */
import { computed, effect } from '@preact/signals-core';
import { createChatStore } from '../features/chat/chatStore';
import { createAnnouncer } from '../features/chat/announcer';
import { createRoomStore } from '../features/room/roomStore';
import { createSearchStore } from '../features/search/searchStore';
import { createSessionStore } from '../features/session/sessionStore';
import { createPreferences } from '../features/settings/preferences';
import { t } from '../i18n';
import type { Platform } from '../platform/types';
import { createConnection, type Connection } from '../protocol/connection';
import { createRest, isRefused } from '../protocol/rest';
import { createToasts } from '../ui/toasts';
import { createActivity } from './activity';

export type Services = ReturnType<typeof createServices>;

export function createServices(platform: Platform, setRoot: (attributes: Record<string, string | null>) => void) {
  const { clock, table } = platform;
  const rest = createRest(platform.fetch);
  const preferences = createPreferences({ preferences: platform.preferences, languages: platform.languages(), setRoot });
  const toasts = createToasts(clock);
  const rooms = createRoomStore({ clock, table });
  const chat = createChatStore({
    clock,
    table,
    connection: () => connection,
    uuid: platform.uuid,
    channel: platform.channel,
    lastSeq: (room) => rooms.rooms.peek().get(room)?.lastSeq ?? 0,
  });
  const announcer = createAnnouncer({ clock, rooms, preferences });
  const connection: Connection = createConnection({
    openSocket: platform.openSocket,
    clock,
    random: platform.random,
    resume: () => chat.resume(),
    receive(message) {
      rooms.apply(message);
      chat.apply(message);
      announcer.hear(message);
    },
    isSignedOut: () =>
      rest.account().then(
        () => false,
        (error: unknown) => isRefused(error) && error.code === 'signed_out',
      ),
  });

  function forgetHere() {
    connection.stop();
    rooms.forget();
    chat.forget();
    search.forget();
  }

  async function forget() {
    forgetHere();
    await table.clear();
    platform.channel.post('signed out');
  }

  const session = createSessionStore({
    rest,
    lastUser: () => rooms.account.peek()?.user.id ?? null,
    onSignedIn(account) {
      rooms.setAccount(account);
      connection.start();
    },
    onSignedOut: forget,
  });

  const search = createSearchStore({ clock, connection: () => connection });
  createActivity({ platform, connection });

  effect(() => {
    const { link } = connection.state.value;
    if (link === 'signed_out') session.ended();
    if (link !== 'online') chat.outbox.stall();
  });
  effect(() => {
    const count = rooms.unreadMentions.value;
    const waiting = chat.outbox.pending.value.filter((one) => one.state !== 'sending').length;
    const mark = waiting > 0 ? `${waiting} ⏳ ` : count > 0 ? `(${count}) ` : '';
    platform.setTitle(`${mark}Mesh${rooms.team.value ? ` · ${rooms.team.value}` : ''}`, count);
  });
  platform.onWake(() => connection.retryNow());
  platform.channel.listen((message) => {
    if (message !== 'signed out') return;
    // Before the reload: a page that still writes would bring back what was erased.
    forgetHere();
    if (session.phase.peek() === 'signed_in') platform.reload();
  });

  return {
    platform,
    rest,
    preferences,
    toasts,
    rooms,
    chat,
    connection,
    session,
    search,
    /** The link as people should see it: short failures are silent. */
    isOnline: computed(() => connection.state.value.link === 'online'),
    async start() {
      await Promise.all([rooms.load(), chat.load()]).catch(() => undefined);
      await session.start(rooms.account.peek() !== null);
      if (session.phase.peek() === 'signed_in') connection.start();
    },
    /** Signs out, or says why that can't be: without the box the session would live on. */
    async signOut() {
      try {
        await session.signOut();
      } catch (error) {
        toasts.show(t.peek().errors[isRefused(error) ? error.code : 'internal'], { look: 'error' });
      }
    },
    /** Sign in again after the box ended the session; drafts and what waits are kept. */
    resumeSession() {
      connection.stop();
      connection.start();
    },
  };
}
