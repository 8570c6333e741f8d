/**
 * The team as this user sees it: users, rooms, presence, counts. Whole values that the box sends; the latest wins.
 * Kept in the browser, so that the app opens with what it knew, and erased at sign-out.
 */
import { batch, computed, signal, type ReadonlySignal } from '@preact/signals-core';
import type { Clock, Table } from '../../platform/types';
import type { Account } from '../../protocol/generated/Account';
import { TYPING_MS } from '../../protocol/generated/limit';
import type { Presence } from '../../protocol/generated/Presence';
import type { PresenceState } from '../../protocol/generated/PresenceState';
import type { Room } from '../../protocol/generated/Room';
import type { ServerMessage } from '../../protocol/generated/ServerMessage';
import type { StorageState } from '../../protocol/generated/StorageState';
import type { User } from '../../protocol/generated/User';
import type { Welcome } from '../../protocol/generated/Welcome';

export interface RoomStore {
  account: ReadonlySignal<Account | null>;
  team: ReadonlySignal<string>;
  users: ReadonlySignal<ReadonlyMap<string, User>>;
  rooms: ReadonlySignal<ReadonlyMap<string, Room>>;
  presence: ReadonlySignal<ReadonlyMap<string, Presence>>;
  storage: ReadonlySignal<StorageState>;
  /** When the shown state was last current: now while online. */
  asOf: ReadonlySignal<number>;
  /** Rooms of the user in the order of the list. */
  mine: ReadonlySignal<Room[]>;
  directs: ReadonlySignal<Room[]>;
  /** Open rooms that the user could enter. */
  joinable: ReadonlySignal<Room[]>;
  archived: ReadonlySignal<Room[]>;
  unreadMessages: ReadonlySignal<number>;
  unreadMentions: ReadonlySignal<number>;
  /** Who is writing in a room. */
  typing(room: string): string[];
  apply(message: ServerMessage): void;
  setAccount(account: Account): void;
  load(): Promise<void>;
  forget(): void;
}

const KEY = 'snapshot';

interface Snapshot {
  account: Account;
  team: string;
  users: User[];
  rooms: Room[];
  at: number;
}

export function isMember(room: Room, user: string | undefined): boolean {
  return room.members.some((member) => member.user === user);
}

/** The other person of direct messages. */
export function otherMember(room: Room, me: string | undefined): string | undefined {
  return room.members.find((member) => member.user !== me)?.user;
}

export function createRoomStore({ clock, table }: { clock: Clock; table: Table }): RoomStore {
  const account = signal<Account | null>(null);
  const team = signal('');
  const users = signal<ReadonlyMap<string, User>>(new Map());
  const rooms = signal<ReadonlyMap<string, Room>>(new Map());
  const presence = signal<ReadonlyMap<string, Presence>>(new Map());
  const storage = signal<StorageState>('ok');
  const asOf = signal(0);
  const typists = signal<ReadonlyMap<string, number>>(new Map());
  let cancelSave: (() => void) | null = null;

  const me = () => account.value?.user.id;
  const collator = new Intl.Collator(undefined, { sensitivity: 'base', numeric: true });
  const byName = (a: Room, b: Room) => collator.compare(a.name, b.name);
  const all = computed(() => [...rooms.value.values()]);
  const named = computed(() => all.value.filter((room) => room.kind === 'room').sort(byName));
  const mine = computed(() => named.value.filter((room) => !room.archived && isMember(room, me())));
  const directs = computed(() =>
    all.value.filter((room) => room.kind === 'direct').sort((a, b) => b.lastAt - a.lastAt),
  );
  const joinable = computed(() => named.value.filter((room) => !room.archived && !isMember(room, me())));
  const archived = computed(() => named.value.filter((room) => room.archived));
  const sum = (count: (room: Room) => number) => all.value.reduce((total, room) => total + count(room), 0);

  function save() {
    cancelSave ??= clock.after(500, () => {
      cancelSave = null;
      if (!account.peek()) return;
      const snapshot: Snapshot = {
        account: account.peek()!,
        team: team.peek(),
        users: [...users.peek().values()],
        rooms: [...rooms.peek().values()],
        at: asOf.peek(),
      };
      void table.put(KEY, snapshot);
    });
  }

  function with_<V>(map: ReadonlyMap<string, V>, key: string, value: V | undefined): ReadonlyMap<string, V> {
    const next = new Map(map);
    if (value === undefined) next.delete(key);
    else next.set(key, value);
    return next;
  }

  function changeRoom(id: string, change: (room: Room) => Room) {
    const room = rooms.peek().get(id);
    if (room) rooms.value = with_(rooms.peek(), id, change(room));
  }

  function welcome(message: Welcome) {
    account.value = message.account;
    team.value = message.team.name;
    users.value = new Map(message.users.map((user) => [user.id, user]));
    rooms.value = new Map(message.rooms.map((room) => [room.id, room]));
    presence.value = new Map(message.presence.map((one) => [one.user, one]));
    storage.value = message.storage;
    typists.value = new Map();
  }

  function typingChanged(room: string, user: string, on: boolean) {
    const key = `${room} ${user}`;
    if (!on && !typists.peek().has(key)) return;
    const until = clock.now() + TYPING_MS;
    typists.value = with_(typists.peek(), key, on ? until : undefined);
    if (!on) return;
    clock.after(TYPING_MS, () => {
      if (typists.peek().get(key) === until) typists.value = with_(typists.peek(), key, undefined);
    });
  }

  function applyOne(message: ServerMessage) {
    switch (message.type) {
      case 'welcome':
        return welcome(message);
      case 'account_changed':
        account.value = message;
        return;
      case 'team_changed':
        team.value = message.name;
        return;
      case 'user_changed':
        users.value = with_(users.peek(), message.id, message);
        return;
      case 'room_changed':
        rooms.value = with_(rooms.peek(), message.id, message);
        return;
      case 'room_removed':
        rooms.value = with_(rooms.peek(), message.room, undefined);
        return;
      case 'room_events': {
        const last = message.events.at(-1);
        if (last) {
          changeRoom(message.room, (room) => (last.seq > room.lastSeq ? { ...room, lastSeq: last.seq, lastAt: last.at } : room));
        }
        for (const event of message.events) {
          if (event.change.type === 'posted') typingChanged(message.room, event.by, false);
        }
        return;
      }
      case 'read_mark':
        return changeRoom(message.room, (room) => ({
          ...room,
          members: room.members.map((one) => (one.user === message.user ? { ...one, read: message.seq } : one)),
        }));
      case 'unread_changed':
        return changeRoom(message.room, (room) => ({ ...room, unread: message.unread }));
      case 'presence':
        presence.value = with_(presence.peek(), message.user, message);
        return;
      case 'typing':
        return typingChanged(message.room, message.user, message.on);
      case 'storage':
        storage.value = message.state;
        return;
    }
  }

  return {
    account,
    team,
    users,
    rooms,
    presence,
    storage,
    asOf,
    mine,
    directs,
    joinable,
    archived,
    unreadMessages: computed(() => sum((room) => room.unread.messages)),
    unreadMentions: computed(() => sum((room) => room.unread.mentions)),
    typing(room) {
      const keys = [...typists.value.keys()].filter((key) => key.startsWith(`${room} `));
      return keys.map((key) => key.slice(room.length + 1)).filter((user) => user !== me());
    },
    apply(message) {
      batch(() => applyOne(message));
      asOf.value = clock.now();
      save();
    },
    setAccount(next) {
      account.value = next;
    },
    async load() {
      const saved = await table.get<Snapshot>(KEY);
      if (!saved || account.peek()) return;
      batch(() => {
        account.value = saved.account;
        team.value = saved.team;
        users.value = new Map(saved.users.map((user) => [user.id, user]));
        rooms.value = new Map(saved.rooms.map((room) => [room.id, room]));
        asOf.value = saved.at;
      });
    },
    forget() {
      cancelSave?.();
      cancelSave = null;
      batch(() => {
        account.value = null;
        team.value = '';
        storage.value = 'ok';
        typists.value = new Map();
        users.value = new Map();
        rooms.value = new Map();
        presence.value = new Map();
      });
    },
  };
}

/** What others see of somebody, also for those the box has not spoken of. */
export function presenceOf(store: RoomStore, user: string): PresenceState {
  return store.presence.value.get(user)?.state ?? 'offline';
}
