// @vitest-environment node
/** Both languages come to the same verdict on every vector: protocol/fixtures/capability.json, made by the box's own code. */
import { expect, test } from 'vitest';
import { browserCrypto } from '../platform/crypto';
import { readRoot } from '../test/fixtures';
import { fromBase64url, toBase64url } from './base64url';
import { createVerifier } from './capability';
import type { Capability } from './generated/Capability';
import { parseKey, takeKeyset, thumbprint, type Keyring } from './keyring';

interface Step {
  token: string;
  now: number;
  room: string;
  needs: Capability;
  verdict: string;
}
interface Vectors {
  identity: string;
  keyset: string;
  signature: string;
  me: string;
  time: { own: number; issuer: number };
  boot: number;
  deviceEpoch: number;
  room: string;
  roomEpoch: number;
  presenter: { device: string; user: string; key: string };
  sid: string;
  nonce: string;
  cases: { name: string; steps: Step[] }[];
}

const vectors = JSON.parse(readRoot('protocol/fixtures/capability.json')) as Vectors;
const identity = parseKey(vectors.identity)!;

async function keyring(): Promise<Keyring> {
  const taken = await takeKeyset(browserCrypto, identity, 0, vectors);
  if (typeof taken === 'string') throw new Error(taken);
  return taken;
}

async function verifier(me = vectors.me) {
  const made = createVerifier(browserCrypto, me, await keyring());
  made.learnTime(vectors.time.own, vectors.time.own, vectors.time.issuer);
  made.learnDevices(vectors.boot, vectors.deviceEpoch);
  made.learnRoom(vectors.room, vectors.roomEpoch);
  return made;
}

function expected(step: Step) {
  const { device, user, key } = vectors.presenter;
  return { presenter: device, user, key: parseKey(key)!, room: step.room, sid: vectors.sid, nonce: vectors.nonce, needs: step.needs };
}

test.each(vectors.cases)('$name', async ({ steps }) => {
  const judge = await verifier();
  for (const step of steps) {
    const verdict = await judge.verify(step.token, expected(step), step.now);
    expect(typeof verdict === 'string' ? verdict : 'ok').toBe(step.verdict);
  }
});

const genuine = vectors.cases[0]!.steps[0]!;

test('there are vectors for all that matters', () => {
  const verdicts = new Set(vectors.cases.flatMap(({ steps }) => steps.map((step) => step.verdict)));
  for (const verdict of ['ok', 'malformed', 'unknown_key', 'signature', 'audience', 'room', 'capability', 'life', 'early', 'late', 'before_restart', 'revoked', 'replayed', 'too_many']) {
    expect(verdicts).toContain(verdict);
  }
});

test('in other hands, for another session or request, or before the time is known it opens nothing', async () => {
  const judge = await verifier();
  const asked = expected(genuine);
  const show = (bent: object) => judge.verify(genuine.token, { ...asked, ...bent }, genuine.now);
  expect(await show({ presenter: vectors.me })).toBe('presenter');
  expect(await show({ user: '0000000000009' })).toBe('presenter');
  expect(await show({ key: identity })).toBe('presenter');
  expect(await show({ sid: 'x' })).toBe('session');
  expect(await show({ nonce: 'x' })).toBe('nonce');
  expect(await (await verifier(vectors.presenter.device)).verify(genuine.token, asked, genuine.now)).toBe('audience');
  const fresh = createVerifier(browserCrypto, vectors.me, await keyring());
  expect(await fresh.verify(genuine.token, asked, genuine.now)).toBe('no_clock');
  // None of these used it up, and of two at once one opens.
  const both = await Promise.all([show({}), show({})]);
  expect(both.map((verdict) => (typeof verdict === 'string' ? verdict : 'ok')).toSorted()).toEqual(['ok', 'replayed']);
});

test('epochs only rise, and void what was issued before', async () => {
  const judge = await verifier();
  judge.learnRoom(vectors.room, vectors.roomEpoch + 1);
  judge.learnRoom(vectors.room, 0);
  expect(await judge.verify(genuine.token, expected(genuine), genuine.now)).toBe('revoked');
  const other = await verifier();
  other.learnDevices(vectors.boot + 1, 0);
  expect(await other.verify(genuine.token, expected(genuine), genuine.now)).toBe('before_restart');
});

test('a keyset has to be signed by the pinned identity, and is never older than one that was seen', async () => {
  expect((await keyring()).epoch).toBe(1);
  expect(await takeKeyset(browserCrypto, identity, 2, vectors)).toBe('rollback');
  expect(await takeKeyset(browserCrypto, parseKey(vectors.presenter.key)!, 0, vectors)).toBe('signature');
  const bent = { keyset: vectors.keyset.replace('"epoch":1', '"epoch":9'), signature: vectors.signature };
  expect(await takeKeyset(browserCrypto, identity, 0, bent)).toBe('signature');
  expect(await takeKeyset(browserCrypto, identity, 0, { ...vectors, signature: '=' })).toBe('signature');
});

test('the key of RFC 8037 has its thumbprint, and points of small order are no keys', async () => {
  expect(await thumbprint(browserCrypto, parseKey('11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo')!)).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
  const zero = new Uint8Array(32);
  for (const first of [0, 1]) {
    for (const last of [0, 0x80]) {
      zero[0] = first;
      zero[31] = last;
      expect(parseKey(toBase64url(zero))).toBe(null);
    }
  }
  expect(parseKey('AA')).toBe(null);
});

test.each(['A', 'AA=', 'AB', 'A/', 'A A', 'é', 'AAB'])('%j is no base64url', (text) => {
  expect(fromBase64url(text)).toBe(null);
});

test('base64url goes both ways', () => {
  for (let length = 0; length < 70; length += 1) {
    const bytes = Uint8Array.from({ length }, (_, place) => (place * 37 + length) & 0xff);
    expect(fromBase64url(toBase64url(bytes))).toEqual(bytes);
  }
});
