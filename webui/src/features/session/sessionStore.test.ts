import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Account } from '../../protocol/generated/Account';
import { settle } from '../../test/fakeClock';
import { fakeRest, refusal, type FakeRest } from '../../test/fakeRest';
import { account, ALICE, BRUNO } from '../../test/samples';
import { Cancelled, createSessionStore, type SessionStore } from './sessionStore';

let box: FakeRest;
let session: SessionStore;
let kept: string | null;
const signedIn = vi.fn<(account: Account) => void>();
const erased = vi.fn<() => void>();
const hidden = vi.fn<() => void>();

beforeEach(() => {
  box = fakeRest();
  kept = null;
  signedIn.mockReset();
  erased.mockReset();
  hidden.mockReset();
  session = createSessionStore({
    rest: box.rest,
    lastUser: () => kept,
    async onSignedIn(who) {
      kept = who.user.id;
      signedIn(who);
    },
    async onSignedOut() {
      kept = null;
      erased();
    },
    async onEnded() {
      hidden();
    },
    async onUnclaimed() {
      kept = null;
      erased();
    },
  });
});

const phase = () => session.phase.peek();

describe('starting', () => {
  test('with a session', async () => {
    box.answer({ body: account() });
    await session.start(false);
    expect(phase()).toBe('signed_in');
    expect(signedIn).toHaveBeenCalledWith(account());
  });

  test('what the browser remembers is shown before the box answers', async () => {
    kept = ALICE;
    box.answer({ body: account() });
    const started = session.start(true);
    expect(phase()).toBe('signed_in');
    await started;
    expect(erased).not.toHaveBeenCalled();
  });

  test('without the box, what is remembered stays on the screen', async () => {
    kept = ALICE;
    await session.start(true);
    expect(phase()).toBe('signed_in');
    expect(erased).not.toHaveBeenCalled();
  });

  test.each([[429, 'too_many'], [500, 'internal'], [503, 'busy'], [421, 'host_unknown'], [503, 'storage_failing']])('a box that answers %i %s has not ended the session', async (status, code) => {
    kept = ALICE;
    box.answer(refusal(status, code));
    await session.start(true);
    expect([phase(), session.wasEnded.peek()]).toEqual(['signed_in', false]);
    expect(hidden).not.toHaveBeenCalled();
  });

  test('without the box and without a memory it says so', async () => {
    await session.start(false);
    expect(phase()).toBe('unreachable');
  });

  test.each([[true, 'signed_out'], [false, 'unclaimed']] as const)('nobody is signed in, claimed: %s', async (claimed, expected) => {
    box.answer(refusal(401, 'signed_out'), { body: { claimed, version: '1' } });
    await session.start(false);
    expect(phase()).toBe(expected);
    expect(session.wasEnded.peek()).toBe(false);
    expect(hidden).not.toHaveBeenCalled();
  });

  test('a session that ended while the browser was closed is told so, and nothing is erased', async () => {
    kept = ALICE;
    box.answer(refusal(401, 'signed_out'), { body: { claimed: true, version: '1' } });
    await session.start(true);
    expect([phase(), session.wasEnded.peek()]).toEqual(['signed_out', true]);
    expect(hidden).toHaveBeenCalledTimes(1);
    expect(erased).not.toHaveBeenCalled();
  });

  test('a box without a team has nothing to do with what is kept here', async () => {
    kept = ALICE;
    box.answer(refusal(401, 'signed_out'), { body: { claimed: false, version: '1' } });
    await session.start(true);
    expect(phase()).toBe('unclaimed');
    expect(erased).toHaveBeenCalledTimes(1);
  });
});

describe('signing in and out', () => {
  test('a refusal is thrown and changes nothing', async () => {
    box.answer(refusal(401, 'credentials_wrong'));
    await expect(session.signIn('alice', 'wrong')).rejects.toMatchObject({ code: 'credentials_wrong' });
    expect(phase()).toBe('starting');
  });

  test('the end of a session hides what is shown, and somebody else starts from nothing', async () => {
    box.answer({ body: account(ALICE) }, { body: account(ALICE) }, { body: account(BRUNO) });
    await session.signIn('alice', 'x');
    await session.ended();
    expect([phase(), session.wasEnded.peek()]).toEqual(['signed_out', true]);
    await session.signIn('alice', 'x');
    expect(session.wasEnded.peek()).toBe(false);
    expect(hidden).toHaveBeenCalledTimes(1);
    signedIn.mockImplementation(() => expect(hidden).toHaveBeenCalledTimes(2));
    await session.signIn('bruno', 'x');
    expect(signedIn).toHaveBeenLastCalledWith(account(BRUNO));
    expect(erased).not.toHaveBeenCalled();
  });

  test('the password is no longer asked for when the session is over', async () => {
    box.answer({ body: account(ALICE) }, refusal(403, 'reauthentication_needed'));
    await session.signIn('alice', 'x');
    const done = expect(session.guarded(() => box.rest.people())).rejects.toBeInstanceOf(Cancelled);
    await settle();
    await session.ended();
    await done;
    expect(session.confirming.peek()).toBe(null);
  });

  test('signing out erases what the browser kept, also when the session was over already', async () => {
    for (const answer of [{}, refusal(401, 'signed_out')]) {
      box.answer(answer);
      await session.signOut();
      expect(phase()).toBe('signed_out');
    }
    expect(erased).toHaveBeenCalledTimes(2);
  });

  test('signing out without the box fails, for the session would live on', async () => {
    await expect(session.signOut()).rejects.toMatchObject({ code: 'unreachable' });
    expect(erased).not.toHaveBeenCalled();
  });
});

describe('guarded actions', () => {
  const needed = () => box.answer(refusal(403, 'reauthentication_needed'));

  test('run at once while the password is fresh', async () => {
    box.answer({ body: [] });
    await session.guarded(() => box.rest.people());
    expect(session.confirming.peek()).toBe(null);
  });

  test('run again after the password was given', async () => {
    needed();
    box.answer({ body: [] });
    const done = session.guarded(() => box.rest.people());
    await settle();
    session.confirming.peek()!.done();
    expect(await done).toEqual([]);
    expect(session.confirming.peek()).toBe(null);
  });

  test('end quietly when the person thinks again', async () => {
    needed();
    const done = session.guarded(() => box.rest.people());
    const cancelled = expect(done).rejects.toBeInstanceOf(Cancelled);
    await settle();
    session.confirming.peek()!.cancel();
    await cancelled;
    expect(box.calls).toHaveLength(1);
  });

  test('other refusals pass through', async () => {
    box.answer(refusal(403, 'forbidden'));
    await expect(session.guarded(() => box.rest.people())).rejects.toMatchObject({ code: 'forbidden' });
  });
});
