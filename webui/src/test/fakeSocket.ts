/** The box's end of WebSockets that a test opens by hand. */
import type { OpenSocket, SocketEvents } from '../platform/types';
import type { ClientMessage } from '../protocol/generated/ClientMessage';
import type { ServerMessage } from '../protocol/generated/ServerMessage';
import { welcome } from './samples';

export interface FakeSocket {
  sent: ClientMessage[];
  isClosed: boolean;
  open(): void;
  say(message: ServerMessage): void;
  /** Opens and greets. */
  greet(): void;
  drop(code?: number): void;
}

export interface FakeSockets {
  openSocket: OpenSocket;
  dialled: FakeSocket[];
  latest(): FakeSocket;
}

export function fakeSockets(): FakeSockets {
  const dialled: FakeSocket[] = [];
  function accept(events: SocketEvents): FakeSocket {
    const socket: FakeSocket = {
      sent: [],
      isClosed: false,
      open: () => events.open(),
      say: (message) => events.message(JSON.stringify(message)),
      greet() {
        socket.open();
        socket.say({ type: 'welcome', ...welcome() });
        socket.say({ type: 'caught_up' });
      },
      drop(code = 1006) {
        socket.isClosed = true;
        events.close(code);
      },
    };
    return socket;
  }
  return {
    dialled,
    latest: () => dialled.at(-1)!,
    openSocket(events) {
      const socket = accept(events);
      dialled.push(socket);
      return {
        send: (text) => void socket.sent.push(JSON.parse(text) as ClientMessage),
        close() {
          socket.isClosed = true;
        },
      };
    },
  };
}
