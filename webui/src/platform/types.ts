/** What logic may ask of the browser, without naming it: tests hand in their own. */

export interface Clock {
  now(): number;
  /** Calls back once; returns how to cancel. */
  after(milliseconds: number, run: () => void): () => void;
}

export interface Socket {
  send(text: string): void;
  close(): void;
}

export interface SocketEvents {
  open(): void;
  message(text: string): void;
  close(code: number): void;
}

export type OpenSocket = (events: SocketEvents) => Socket;

/** Small values by key; lost when the browser's data are cleared. */
export interface Preferences {
  read(key: string): string | null;
  write(key: string, value: string | null): void;
}

/** Values that survive a reload, written one after the other. */
export interface Table {
  get<T>(key: string): Promise<T | undefined>;
  put(key: string, value: unknown): Promise<void>;
  remove(key: string): Promise<void>;
  /** All keys that begin with `prefix`, in order, with their values. */
  entries<T>(prefix: string): Promise<[string, T][]>;
  /** Takes out everything, or all but the keys that are to stay, in one step. */
  clear(stays?: (key: string) => boolean): Promise<void>;
}

export interface RestAnswer {
  status: number;
  body: unknown;
}

export type Fetch = (method: string, path: string, body?: unknown) => Promise<RestAnswer>;

/** A message to the other tabs of this browser. */
export interface Channel {
  post(message: unknown): void;
  listen(hear: (message: unknown) => void): void;
}

export interface Platform {
  clock: Clock;
  openSocket: OpenSocket;
  fetch: Fetch;
  preferences: Preferences;
  table: Table;
  channel: Channel;
  /** A fresh UUID. */
  uuid(): string;
  random(): number;
  /** The page became visible or the network came back. */
  onWake(run: () => void): void;
  /** The page is visible and has the focus. */
  isAttended(): boolean;
  /** Returns how to stop being told. */
  onAttention(run: (attended: boolean) => void): () => void;
  /** Somebody uses the page: moves, types, touches, comes back to it. Told at most every few seconds. */
  onUse(run: () => void): void;
  setTitle(title: string, badge: number): void;
  reload(): void;
  languages(): readonly string[];
}
