/** Puts the stores together. Features don't know each other; this file does. */
import { computed, effect, signal } from '@preact/signals-core';
import { createChatStore } from '../features/chat/chatStore';
import { createAnnouncer } from '../features/chat/announcer';
import { createRoomStore } from '../features/room/roomStore';
import { createSearchStore } from '../features/search/searchStore';
import { createKeeper } from '../features/session/keeper';
import { createSessionStore } from '../features/session/sessionStore';
import { createPreferences } from '../features/settings/preferences';
import { createShortcuts } from '../features/settings/shortcuts';
import type { Platform } from '../platform/types';
import { createConnection, type Connection } from '../protocol/connection';
import { createRest, isRefused } from '../protocol/rest';
import { createToasts } from '../ui/toasts';
import { createActivity } from './activity';
import { createPresence } from './presence';
import { createWidths } from './widths';
import { wordsOf } from './wordsOf';

/** How often a page that knows nothing looks for the box. */
const START_EVERY = 5_000;
/** How long a sign-out waits for what is on its way. */
const SENT_WITHIN = 2_000;

export type Services = ReturnType<typeof createServices>;

export function createServices(platform: Platform, setRoot: (attributes: Record<string, string | null>) => void) {
  const { clock, table } = platform;
  const rest = createRest(platform.fetch);
  const preferences = createPreferences({ preferences: platform.preferences, languages: platform.languages(), setRoot });
  const shortcuts = createShortcuts(platform.preferences);
  const widths = createWidths(platform.preferences);
  const toasts = createToasts(clock);
  const keeper = createKeeper(table, platform.channel);
  const rooms = createRoomStore({ clock, table });
  const chat = createChatStore({
    clock,
    table: keeper.own,
    cache: table,
    connection: () => connection,
    uuid: platform.uuid,
    channel: keeper.channel,
    lastSeq: (room) => rooms.rooms.peek().get(room)?.lastSeq ?? 0,
  });
  const announcer = createAnnouncer({ clock, rooms, preferences });
  const connection: Connection = createConnection({
    openSocket: platform.openSocket,
    clock,
    random: platform.random,
    resume: () => chat.resume(),
    receive(message) {
      // Another tab signed in as somebody else: nothing of this page may be sent or shown in that person's name.
      if (message.type === 'welcome' && message.account.user.id !== keeper.last.peek()?.id) return startAnew();
      rooms.apply(message);
      chat.apply(message);
      announcer.hear(message);
      presence.hear(message);
    },
    isSignedOut: () =>
      rest.account().then(
        () => false,
        (error: unknown) => isRefused(error) && error.code === 'signed_out',
      ),
  });

  /** Lets go of what the box has as well. */
  function hide() {
    connection.stop();
    rooms.forget();
    chat.ended();
    search.forget();
  }

  function forgetHere() {
    hide();
    chat.forget();
  }

  function startAnew() {
    forgetHere();
    platform.reload();
  }

  const session = createSessionStore({
    rest,
    lastUser: () => keeper.last.peek()?.id ?? null,
    async onSignedIn(account) {
      if (keeper.last.peek()?.id !== account.user.id) {
        if (keeper.last.peek()) platform.channel.post('signed out');
        chat.forget();
        keeper.set(account.user);
        await chat.load().catch(() => undefined);
      }
      rooms.setAccount(account);
      connection.start();
      platform.channel.post('signed in');
    },
    async onSignedOut() {
      forgetHere();
      await keeper.left();
      platform.channel.post('signed out');
    },
    async onEnded() {
      hide();
      await keeper.ended();
    },
    async onUnclaimed() {
      forgetHere();
      await keeper.clear();
    },
  });
  /** Somebody wants to leave while something of theirs is not sent: how many messages and drafts. */
  const leaving = signal<{ messages: number; drafts: number } | null>(null);

  /** What is on its way gets a moment to arrive. */
  async function sent() {
    let stop = () => {};
    let cancel = () => {};
    await new Promise<void>((resolve) => {
      cancel = clock.after(SENT_WITHIN, resolve);
      stop = effect(() => {
        const left = chat.outbox.pending.value.length - chat.outbox.refused.value.length;
        if (left === 0 || connection.state.value.link !== 'online') resolve();
      });
    });
    stop();
    cancel();
  }

  /** Signs out, or says why that can't be: without the box the session would live on. */
  async function leave() {
    leaving.value = null;
    try {
      await session.signOut();
    } catch (error) {
      toasts.show(wordsOf(error), { look: 'error' });
    }
  }

  let cancelStart = () => {};
  async function start() {
    cancelStart();
    await keeper.load().catch(() => undefined);
    await Promise.all([rooms.load(), chat.load()]).catch(() => undefined);
    const known = rooms.account.peek()?.user.id;
    if (known !== keeper.last.peek()?.id) rooms.forget();
    await session.start(rooms.account.peek() !== null);
    if (session.phase.peek() === 'signed_in') connection.start();
    if (session.phase.peek() === 'unreachable') cancelStart = clock.after(START_EVERY, () => void start());
  }

  const search = createSearchStore({ clock, connection: () => connection });
  createActivity({ platform, connection });
  const presence = createPresence({ clock, connection: () => connection });

  effect(() => {
    const { link } = connection.state.value;
    if (link === 'signed_out') void session.ended();
    if (link !== 'online') chat.outbox.stall();
  });
  effect(() => {
    const count = rooms.unreadMentions.value;
    const waiting = chat.outbox.pending.value.filter((one) => one.state === 'waiting').length;
    const refused = chat.outbox.refused.value.length;
    const unsent = `${waiting > 0 ? `${waiting} ⏳ ` : ''}${refused > 0 ? `${refused} ⚠ ` : ''}`;
    const mark = unsent || (count > 0 ? `(${count}) ` : '');
    platform.setTitle(`${mark}Mesh${rooms.team.value ? ` · ${rooms.team.value}` : ''}`, count);
  });
  platform.onWake(() => connection.retryNow());
  platform.channel.listen((message) => {
    if (message === 'signed in' && session.phase.peek() === 'signed_out') return void session.start(false);
    if (message !== 'signed out') return;
    // Before the reload: a page that still writes would bring back what was erased.
    forgetHere();
    if (session.phase.peek() === 'signed_in' || session.wasEnded.peek()) platform.reload();
  });

  return {
    platform,
    rest,
    preferences,
    shortcuts,
    widths,
    toasts,
    rooms,
    chat,
    connection,
    session,
    search,
    presence,
    /** The link as people should see it: short failures are silent. */
    isOnline: computed(() => connection.state.value.link === 'online'),
    start,
    keeper,
    leaving,
    leave,
    /** Signs out, after a question when something is not sent yet. */
    async signOut() {
      await chat.removeNow();
      await sent();
      const messages = chat.outbox.pending.peek().length;
      const drafts = chat.draftCount();
      if (messages + drafts === 0) return leave();
      leaving.value = { messages, drafts };
    },
  };
}
