/**
 * The WebSocket to the box: dials, says hello, measures, and comes back by itself.
 *
 * Everything that arrives goes to `receive`, in order. Requests are answered through promises, which fail when the
 * connection does. Nothing is queued here: what must survive belongs to the chat's outbox.
 */
import { batch, signal, type ReadonlySignal } from '@preact/signals-core';
import type { Clock, OpenSocket, Socket } from '../platform/types';
import { backoff } from './backoff';
import { decode, encode, PROTOCOL } from './codec';
import type { ClientMessage } from './generated/ClientMessage';
import type { ResumePoint } from './generated/ResumePoint';
import type { ServerMessage } from './generated/ServerMessage';
import { Refused } from './rest';

export type Link = 'off' | 'connecting' | 'online' | 'restarting' | 'signed_out' | 'outdated';

export interface LinkState {
  link: Link;
  /** Since when it is so. */
  since: number;
  /** Whether it was ever online since it was started. */
  wasOnline: boolean;
}

export interface Connection {
  state: ReadonlySignal<LinkState>;
  /** Milliseconds of the last round trip; null when none was measured or a pong is missing. */
  roundTrip: ReadonlySignal<number | null>;
  start(): void;
  stop(): void;
  retryNow(): void;
  /** False when not online; the caller keeps what must not be lost. */
  send(message: ClientMessage): boolean;
  request<T extends ServerMessage['type']>(make: (request: number) => ClientMessage): Promise<Extract<ServerMessage, { type: T }>>;
}

export interface ConnectionOptions {
  openSocket: OpenSocket;
  clock: Clock;
  random(): number;
  resume(): ResumePoint[];
  receive(message: ServerMessage): void;
  /** Whether the box says that nobody is signed in: a refused upgrade does not tell why. */
  isSignedOut(): Promise<boolean>;
}

const PING_EVERY = 10_000;
const PONG_WITHIN = 8_000;
/** A dial that has not led to a welcome by then is given up: networks that swallow packets never say so. */
const WELCOME_WITHIN = 10_000;
/** A connection that held this long was a good one: the next failure starts with short waits again. */
const STEADY_AFTER = 5_000;
const CLOSE_SIGNED_OUT = 4001;
const CLOSE_VERSION = 4002;
const CLOSE_RESTART = 1012;

interface Waiting {
  resolve(message: ServerMessage): void;
  reject(error: Refused): void;
}

export function createConnection(options: ConnectionOptions): Connection {
  const { clock } = options;
  const state = signal<LinkState>({ link: 'off', since: clock.now(), wasOnline: false });
  const roundTrip = signal<number | null>(null);
  const waiting = new Map<number, Waiting>();
  let socket: Socket | null = null;
  let attempt = 0;
  let requests = 0;
  let pings = 0;
  let cancelTimer = () => {};
  let cancelPing = () => {};
  let cancelSteady = () => {};

  function become(link: Link) {
    if (state.peek().link === link) return;
    const wasOnline = link === 'online' || (link !== 'off' && state.peek().wasOnline);
    state.value = { link, since: clock.now(), wasOnline };
  }

  function drop() {
    cancelPing();
    cancelTimer();
    cancelSteady();
    const old = socket;
    socket = null;
    old?.close();
    roundTrip.value = null;
    for (const one of waiting.values()) one.reject(new Refused('unreachable'));
    waiting.clear();
  }

  function dial() {
    drop();
    const mine: Socket = options.openSocket({
      open() {
        if (socket !== mine) return;
        mine.send(encode({ type: 'hello', protocol: PROTOCOL, resume: options.resume() }));
      },
      message(text) {
        if (socket === mine) hear(text);
      },
      close(code) {
        if (socket === mine) closed(code);
      },
    });
    socket = mine;
    cancelTimer = clock.after(WELCOME_WITHIN, () => closed(0));
  }

  function closed(code: number) {
    drop();
    if (code === CLOSE_SIGNED_OUT) return become('signed_out');
    if (code === CLOSE_VERSION) return become('outdated');
    // A restart lasts until the box is back: the dials that fail meanwhile are part of it.
    become(code === CLOSE_RESTART || state.peek().link === 'restarting' ? 'restarting' : 'connecting');
    cancelTimer = clock.after(backoff(attempt, options.random()), dial);
    attempt += 1;
    void askWhetherSignedOut();
  }

  async function askWhetherSignedOut() {
    const isOut = await options.isSignedOut().catch(() => false);
    const { link } = state.peek();
    // The answer may be older than a connection that was welcomed since, or than a stop.
    if (!isOut || (link !== 'connecting' && link !== 'restarting')) return;
    drop();
    become('signed_out');
  }

  function welcomed(message: ServerMessage) {
    cancelTimer();
    cancelSteady = clock.after(STEADY_AFTER, () => {
      attempt = 0;
    });
    // Online before the stores hear of it, so that they can ask and send; views see both at once.
    batch(() => {
      become('online');
      options.receive(message);
    });
    ping();
  }

  function ping() {
    const nonce = (pings += 1);
    const sent = clock.now();
    socket?.send(encode({ type: 'ping', nonce }));
    cancelPing = clock.after(PONG_WITHIN, () => {
      // A link that swallows a ping is dead, whatever the browser believes.
      if (socket) closed(0);
    });
    pong = (answered) => {
      if (answered !== nonce) return;
      cancelPing();
      roundTrip.value = clock.now() - sent;
      cancelPing = clock.after(PING_EVERY, ping);
    };
  }
  let pong = (_nonce: number) => {};

  function hear(text: string) {
    const message = decode(text);
    if (!message) return;
    switch (message.type) {
      case 'pong':
        return pong(message.nonce);
      case 'welcome':
        return welcomed(message);
      case 'history':
      case 'pins':
      case 'revisions':
      case 'search': {
        waiting.get(message.request)?.resolve(message);
        waiting.delete(message.request);
        return;
      }
      case 'request_refused': {
        waiting.get(message.request)?.reject(new Refused(message.error.code, message.error));
        waiting.delete(message.request);
        return;
      }
      case 'goodbye':
        if (message.reason === 'restarting') become('restarting');
        return;
      default:
        options.receive(message);
    }
  }

  return {
    state,
    roundTrip,
    start() {
      const { link } = state.peek();
      if (link !== 'off' && link !== 'signed_out' && link !== 'outdated') return;
      become('connecting');
      dial();
    },
    stop() {
      drop();
      become('off');
    },
    retryNow() {
      const { link } = state.peek();
      if (link !== 'connecting' && link !== 'restarting') return;
      attempt = 0;
      dial();
    },
    send(message) {
      if (state.peek().link !== 'online' || !socket) return false;
      socket.send(encode(message));
      return true;
    },
    request(make) {
      if (state.peek().link !== 'online' || !socket) return Promise.reject(new Refused('unreachable'));
      const request = (requests += 1);
      socket.send(encode(make(request)));
      return new Promise((resolve, reject) => {
        waiting.set(request, { resolve: (message) => resolve(message as never), reject });
      });
    },
  };
}
