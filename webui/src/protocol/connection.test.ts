import { describe, expect, test, vi } from 'vitest';
import { fakeClock, settle } from '../test/fakeClock';
import { fakeSockets } from '../test/fakeSocket';
import { page, ROOM, welcome } from '../test/samples';
import { createConnection, type Connection } from './connection';
import { Refused } from './rest';
import type { ServerMessage } from './generated/ServerMessage';

function dial(more: { isSignedOut?: () => Promise<boolean>; receive?: (message: ServerMessage) => void } = {}) {
  const clock = fakeClock();
  const sockets = fakeSockets();
  const received: ServerMessage[] = [];
  const connection: Connection = createConnection({
    openSocket: sockets.openSocket,
    clock,
    random: () => 0.5,
    resume: () => [{ room: ROOM, seq: 7 }],
    receive: (message) => {
      received.push(message);
      more.receive?.(message);
    },
    isSignedOut: more.isSignedOut ?? (async () => false),
  });
  connection.start();
  return { clock, sockets, received, connection, link: () => connection.state.peek().link };
}

/** Answers every ping from now on. */
async function live(clock: ReturnType<typeof fakeClock>, sockets: ReturnType<typeof fakeSockets>, milliseconds: number) {
  for (let passed = 0; passed < milliseconds; passed += 1_000) {
    const last = sockets.latest().sent.findLast((one) => one.type === 'ping');
    if (last) sockets.latest().say({ type: 'pong', nonce: last.nonce, now: 0 });
    await clock.advance(1_000);
  }
}

const history = (request: number) =>
  ({ type: 'history', request, room: ROOM, from: { type: 'latest' }, limit: 50 }) as const;

describe('greeting', () => {
  test('hello carries the version and where the copies end', () => {
    const { sockets } = dial();
    sockets.latest().open();
    expect(sockets.latest().sent).toEqual([{ type: 'hello', protocol: 1, resume: [{ room: ROOM, seq: 7 }] }]);
  });

  test('nothing is sent before the welcome', () => {
    const { connection, sockets } = dial();
    sockets.latest().open();
    expect(connection.send({ type: 'chat_read', room: ROOM, seq: 1 })).toBe(false);
    sockets.latest().say({ type: 'welcome', ...welcome() });
    expect(connection.send({ type: 'chat_read', room: ROOM, seq: 1 })).toBe(true);
  });

  test('stores that hear the welcome can send at once', () => {
    const sent: boolean[] = [];
    const { sockets, connection } = dial({
      receive: (message) => {
        if (message.type === 'welcome') sent.push(connection.send({ type: 'chat_read', room: ROOM, seq: 1 }));
      },
    });
    sockets.latest().greet();
    expect(sent).toEqual([true]);
  });

  test('a dial that is never welcomed is given up and tried again', async () => {
    const { sockets, clock } = dial();
    sockets.latest().open();
    await clock.advance(10_000 + 500);
    expect(sockets.dialled).toHaveLength(2);
    expect(sockets.dialled[0]!.isClosed).toBe(true);
  });

  test('text that is no message is passed over', () => {
    const { sockets, received } = dial();
    sockets.latest().open();
    for (const odd of [null, 1, 'x', [], {}, { type: 1 }]) sockets.latest().say(odd as never);
    sockets.latest().say({ type: 'storage', state: 'full' });
    expect(received).toEqual([{ type: 'storage', state: 'full' }]);
  });
});

describe('coming back', () => {
  test('waits grow while dials fail and a waiting network event ends the wait', async () => {
    const { sockets, clock, connection } = dial();
    for (const wait of [250, 500, 1_000]) {
      sockets.latest().drop();
      const before = sockets.dialled.length;
      await clock.advance(wait - 1);
      expect(sockets.dialled).toHaveLength(before);
      await clock.advance(1);
      expect(sockets.dialled).toHaveLength(before + 1);
    }
    sockets.latest().drop();
    connection.retryNow();
    expect(sockets.dialled).toHaveLength(5);
  });

  test('a connection that ends right after each welcome does not lead to a storm', async () => {
    const { sockets, clock } = dial();
    for (let round = 0; round < 8; round += 1) {
      sockets.latest().greet();
      sockets.latest().drop(1008);
      await clock.advance(15_000);
    }
    const before = sockets.dialled.length;
    sockets.latest().greet();
    sockets.latest().drop(1008);
    await clock.advance(10_000);
    expect(sockets.dialled).toHaveLength(before);
  });

  test('after a steady time waits are short again', async () => {
    const { sockets, clock } = dial();
    for (let round = 0; round < 6; round += 1) {
      sockets.latest().drop();
      await clock.advance(15_000);
    }
    sockets.latest().greet();
    await live(clock, sockets, 6_000);
    const before = sockets.dialled.length;
    sockets.latest().drop();
    await clock.advance(250);
    expect(sockets.dialled).toHaveLength(before + 1);
  });

  test('what an old socket still says is not heard', async () => {
    const { sockets, clock, received } = dial();
    const old = sockets.latest();
    old.greet();
    old.drop();
    await clock.advance(250);
    const before = received.length;
    old.say({ type: 'storage', state: 'full' });
    old.drop(4001);
    expect(received).toHaveLength(before);
    expect(sockets.dialled).toHaveLength(2);
  });

  test('a restart is a restart until the box is back', async () => {
    const { sockets, clock, link } = dial();
    sockets.latest().greet();
    sockets.latest().say({ type: 'goodbye', reason: 'restarting' });
    sockets.latest().drop(1012);
    await clock.advance(250);
    sockets.latest().drop(1006);
    expect(link()).toBe('restarting');
    await clock.advance(500);
    sockets.latest().greet();
    expect(link()).toBe('online');
  });

  test.each([1013, 1006, 1008, 1011])('close %i is followed by a resume', async (code) => {
    const { sockets, clock, link } = dial();
    sockets.latest().greet();
    sockets.latest().drop(code);
    expect(link()).toBe('connecting');
    await clock.advance(500);
    sockets.latest().open();
    expect(sockets.latest().sent[0]).toMatchObject({ type: 'hello' });
  });

  test('stop ends it for good', async () => {
    const { sockets, clock, connection, link } = dial();
    sockets.latest().greet();
    connection.stop();
    connection.retryNow();
    await clock.advance(120_000);
    expect(link()).toBe('off');
    expect(sockets.dialled).toHaveLength(1);
    expect(clock.waiting()).toBe(0);
  });
});

describe('signed out and outdated', () => {
  test('close 4001 means signed out, and nothing is dialled', async () => {
    const { sockets, clock, link } = dial();
    sockets.latest().greet();
    sockets.latest().drop(4001);
    await clock.advance(120_000);
    expect(link()).toBe('signed_out');
    expect(sockets.dialled).toHaveLength(1);
  });

  test('close 4002 means that this client is too old', async () => {
    const { sockets, clock, link } = dial();
    sockets.latest().drop(4002);
    await clock.advance(120_000);
    expect(link()).toBe('outdated');
    expect(sockets.dialled).toHaveLength(1);
  });

  test('a refused upgrade is explained by asking the box', async () => {
    const { sockets, link } = dial({ isSignedOut: async () => true });
    sockets.latest().drop();
    await settle();
    expect(link()).toBe('signed_out');
  });

  test('a late answer about an old failure does not end a new connection', async () => {
    let answer = (_isOut: boolean) => {};
    const { sockets, clock, link } = dial({ isSignedOut: () => new Promise((resolve) => { answer = resolve; }) });
    sockets.latest().drop();
    await clock.advance(250);
    sockets.latest().greet();
    answer(true);
    await settle();
    expect(link()).toBe('online');
  });

  test('somebody who signs in again is connected again', () => {
    const { sockets, connection, link } = dial();
    sockets.latest().drop(4001);
    connection.start();
    sockets.latest().greet();
    expect(link()).toBe('online');
  });
});

describe('round trips', () => {
  test('are measured every ten seconds', async () => {
    const { sockets, clock, connection } = dial();
    sockets.latest().greet();
    await clock.advance(40);
    sockets.latest().say({ type: 'pong', nonce: 1, now: 0 });
    expect(connection.roundTrip.peek()).toBe(40);
    await clock.advance(10_000);
    expect(sockets.latest().sent.filter((one) => one.type === 'ping')).toHaveLength(2);
    sockets.latest().say({ type: 'pong', nonce: 1, now: 0 });
    await clock.advance(1_400);
    sockets.latest().say({ type: 'pong', nonce: 2, now: 0 });
    expect(connection.roundTrip.peek()).toBe(1_400);
  });

  test('a link that swallows pings is dead', async () => {
    const { sockets, clock, connection, link } = dial();
    sockets.latest().greet();
    await clock.advance(8_000);
    expect(link()).toBe('connecting');
    expect(connection.roundTrip.peek()).toBe(null);
    expect(sockets.dialled[0]!.isClosed).toBe(true);
  });
});

describe('requests', () => {
  test('get the answer with their number', async () => {
    const { sockets, connection } = dial();
    sockets.latest().greet();
    const first = connection.request<'history'>(history);
    const second = connection.request<'history'>(history);
    const refused = expect(second).rejects.toMatchObject({ code: 'not_found' });
    sockets.latest().say({ type: 'request_refused', request: 2, error: { code: 'not_found', message: '' } });
    sockets.latest().say({ type: 'history', request: 1, room: ROOM, page: page([]) });
    expect((await first).page.items).toEqual([]);
    await refused;
  });

  test('fail with the connection and when there is none', async () => {
    const { sockets, connection } = dial();
    await expect(connection.request<'history'>(history)).rejects.toBeInstanceOf(Refused);
    sockets.latest().greet();
    const asked = connection.request<'history'>(history);
    const failed = expect(asked).rejects.toMatchObject({ code: 'unreachable' });
    sockets.latest().drop();
    await failed;
  });

  test('answers to nothing are ignored', () => {
    const heard = vi.fn();
    const { sockets } = dial({ receive: heard });
    sockets.latest().greet();
    heard.mockClear();
    sockets.latest().say({ type: 'history', request: 99, room: ROOM, page: page([]) });
    expect(heard).not.toHaveBeenCalled();
  });
});
