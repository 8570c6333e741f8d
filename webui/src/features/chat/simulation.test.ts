/** The real connection and chat stores of three people against a box with a bad network (test/lossyBox.ts). */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createConnection, type Connection } from '../../protocol/connection';
import { fakeClock, type FakeClock } from '../../test/fakeClock';
import { fakeTable, type FakeTable } from '../../test/fakeTable';
import { createLossyBox, linesAfter, NO_TROUBLE, type LossyBox, type Trouble } from '../../test/lossyBox';
import { seeded, type Random } from '../../test/random';
import { ALICE, BRUNO, CHLOE, ROOM } from '../../test/samples';
import { createChatStore, type ChatStore } from './chatStore';

interface Person {
  user: string;
  table: FakeTable;
  chat: ChatStore;
  connection: Connection;
  said: string[];
}

interface World {
  clock: FakeClock;
  random: Random;
  box: LossyBox;
  people: Person[];
}

let tags = 0;

/** A page of one person; on a table that was used before, it is a reload. */
function open({ clock, random, box }: Omit<World, 'people'>, user: string, table: FakeTable): Pick<Person, 'chat' | 'connection'> {
  const chat = createChatStore({
    clock,
    table,
    connection: () => connection,
    uuid: () => `tag-${(tags += 1)}`,
    lastSeq: () => box.log.length,
  });
  const connection: Connection = createConnection({
    openSocket: box.openSocket(user),
    clock,
    random: random.next,
    resume: () => chat.resume(),
    receive: (message) => chat.apply(message),
    isSignedOut: async () => false,
  });
  void chat.load().then(() => connection.start());
  chat.open(ROOM);
  return { chat, connection };
}

function look({ random }: World, { chat }: Person) {
  const { atEnd, last } = chat.open(ROOM).timeline.peek();
  switch (random.below(4)) {
    case 0:
      return chat.loadBefore(ROOM);
    case 1:
      return void (last > 0 && chat.jump(ROOM, 1 + random.below(last)));
    case 2:
      return random.chance(0.3) ? chat.latest(ROOM) : undefined;
    default:
      return atEnd ? undefined : chat.loadAfter(ROOM);
  }
}

function act(world: World, person: Person) {
  const { random } = world;
  const { chat } = person;
  const seen = chat.open(ROOM).timeline.peek().items;
  const some = seen.length > 0 ? random.pick(seen) : undefined;
  if (random.chance(0.5)) return look(world, person);
  switch (random.below(8)) {
    case 0:
      return void (some && chat.react(ROOM, some.seq, '👍', random.chance(0.6)));
    case 1:
      return void (some && some.by === person.user && chat.edit(ROOM, some.seq, `edited ${some.seq}`));
    case 2:
      return void (some && random.chance(0.3) && chat.remove(ROOM, some.seq));
    case 3:
      return person.connection.retryNow();
    default: {
      const text = `${person.user} says ${person.said.length}`;
      person.said.push(text);
      return chat.send(ROOM, text);
    }
  }
}

async function disturb(world: World) {
  const { random, box, clock } = world;
  if (random.chance(0.04)) {
    box.stop(random.chance(0.5));
    await clock.advance(random.below(5_000));
    box.start();
  }
  if (random.chance(0.04)) {
    const person = random.pick(world.people);
    // What is on its way to the browser's disk has arrived; a reload loses everything else.
    person.connection.stop();
    person.chat.forget();
    Object.assign(person, open(world, person.user, person.table));
  }
}

/** At any moment: no line twice, none out of order, none missing between two that are shown. */
function checkWindows({ box, people }: World) {
  const all = box.log.filter((event) => event.change.type === 'posted').map((event) => event.seq);
  for (const { chat } of people) {
    const shown = chat.open(ROOM).timeline.peek().items.map((item) => item.seq);
    const start = all.indexOf(shown[0] ?? 0);
    expect(shown).toEqual(start < 0 ? [] : all.slice(start, start + shown.length));
  }
}

async function live(seed: number, trouble: Trouble, steps: number): Promise<World> {
  const clock = fakeClock();
  const random = seeded(seed);
  const base = { clock, random, box: createLossyBox(clock, random) };
  const people = [ALICE, BRUNO, CHLOE].map((user): Person => {
    const table = fakeTable();
    return { user, table, said: [], ...open(base, user, table) };
  });
  const world = { ...base, people };
  world.box.setTrouble(trouble);
  for (let step = 0; step < steps; step += 1) {
    act(world, random.pick(people));
    await clock.advance(random.below(random.chance(0.6) ? 60 : 2_500));
    checkWindows(world);
    await disturb(world);
  }
  world.box.setTrouble(NO_TROUBLE);
  await clock.advance(120_000);
  for (const { chat } of people) chat.latest(ROOM);
  await clock.advance(10_000);
  return world;
}

function check({ box, people }: World) {
  const written = box.log.flatMap(({ change }) => (change.type === 'posted' ? [change.text] : []));
  const said = people.flatMap((person) => person.said);
  expect([...written].sort()).toEqual([...said].sort());
  const lines = linesAfter(box.log);
  for (const { chat, connection } of people) {
    expect(connection.state.peek().link).toBe('online');
    expect(chat.outbox.pending.peek().filter((one) => one.state !== 'refused')).toEqual([]);
    const { items, last, atEnd } = chat.open(ROOM).timeline.peek();
    expect({ last, atEnd }).toEqual({ last: box.log.length, atEnd: true });
    expect(items).toEqual(lines.slice(lines.length - items.length));
    expect(items.length).toBeGreaterThan(0);
  }
}

const BAD: Trouble = { loss: 0.03, silence: 0.3, late: 0.3, busy: 0.05 };

test('whatever the network does, everything that was said is there once and everybody sees the same', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), async (seed) => check(await live(seed, BAD, 100))),
    { numRuns: 150 },
  );
}, 60_000);

test('what one person says keeps its order while the box refuses nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), async (seed) => {
      const world = await live(seed, { ...BAD, busy: 0 }, 60);
      check(world);
      for (const person of world.people) {
        const mine = world.box.log.filter((event) => event.by === person.user);
        const texts = mine.flatMap(({ change }) => (change.type === 'posted' ? [change.text] : []));
        expect(texts).toEqual(person.said);
      }
    }),
    { numRuns: 80 },
  );
}, 60_000);
