/**
 * What another device presents before anything of it is played or read, and whether it opens this one.
 * The same rules as core/src/capability/verify.rs, held together by protocol/fixtures/capability.json.
 */
import { fromAscii, fromBase64url, toAscii, type Bytes } from './base64url';
import type { Capability } from './generated/Capability';
import { CALL_SECONDS, CAPABILITY_BYTES, CONTROL_SECONDS, REPLAY_ENTRIES, REPLAY_ENTRIES_PER_DEVICE, SHARE_SECONDS } from './generated/limit';
import { thumbprint, type Crypto, type Keyring } from './keyring';

export type Refusal =
  | 'malformed' | 'unknown_key' | 'signature' | 'no_clock' | 'issuer' | 'audience' | 'presenter' | 'room' | 'session' | 'capability' | 'nonce'
  | 'life' | 'early' | 'late' | 'before_restart' | 'revoked' | 'replayed' | 'too_many';

/** Field for field as it is written (protocol/src/capability.rs). */
export interface Claims {
  iss: string;
  aud: string;
  sub: string;
  usr: string;
  room: string;
  caps: Capability[];
  sid: string;
  tgt: string;
  lim?: { max_size?: number; max_rate?: number };
  iat: number;
  nbf: number;
  exp: number;
  jti: string;
  cnf: { jkt: string };
  nce: string;
  re: number;
  de: number;
  boot: number;
}

/** What this device expects of a capability. */
export interface Expected {
  /** The device at the other end, its user, and the key that it has proven. */
  presenter: string;
  user: string;
  key: Bytes;
  room: string;
  sid: string;
  /** The number that was drawn for this request. */
  nonce: string;
  needs: Capability;
}

const SECONDS: Record<Capability, number> = {
  call: CALL_SECONDS, screen: CALL_SECONDS, 'share:file': SHARE_SECONDS, 'share:folder': SHARE_SECONDS, 'terminal:view': CALL_SECONDS,
  'terminal:control': CONTROL_SECONDS,
};
/** In rising order. */
const ORDER = Object.keys(SECONDS);
/** What is allowed for beyond half the round trip, the most of both, and what is no longer early but wrong; milliseconds. */
const SKEW = 5_000;
const SKEW_MOST = 10_000;
const FUTURE = 30_000;

const TEXTS = ['iss', 'aud', 'jti', 'sid', 'nce'] as const;
const IDENTITIES = ['sub', 'usr', 'room', 'tgt'] as const;
const NUMBERS = ['iat', 'nbf', 'exp', 're', 'de', 'boot'] as const;

const isNumber = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
const isIdentity = (value: unknown) => typeof value === 'string' && /^[0-9a-f][0-9a-hjkmnp-tv-z]{12}$/.test(value);

/** The claims of a payload in the one spelling that it may have. */
function readClaims(payload: string): Claims | null {
  let said: Claims;
  try {
    said = JSON.parse(payload) as Claims;
  } catch {
    return null;
  }
  if (typeof said !== 'object' || said === null) return null;
  const { iss, aud, sub, usr, room, caps, sid, tgt, lim, iat, nbf, exp, jti, cnf, nce, re, de, boot } = said;
  const hasLimits = lim === undefined || (typeof lim === 'object' && lim !== null && Object.values(lim).every(isNumber));
  const isWhole =
    TEXTS.every((name) => typeof said[name] === 'string') && IDENTITIES.every((name) => isIdentity(said[name])) &&
    NUMBERS.every((name) => isNumber(said[name])) && Array.isArray(caps) && caps.every((one) => ORDER.includes(one)) &&
    typeof cnf?.jkt === 'string' && hasLimits;
  if (!isWhole) return null;
  const limits = lim && { ...(lim.max_size !== undefined && { max_size: lim.max_size }), ...(lim.max_rate !== undefined && { max_rate: lim.max_rate }) };
  const claims: Claims = {
    iss, aud, sub, usr, room, caps, sid, tgt, ...(limits && { lim: limits }), iat, nbf, exp, jti, cnf: { jkt: cnf.jkt }, nce, re, de, boot,
  };
  return JSON.stringify(claims) === payload ? claims : null;
}

/** The name of the key in a header that is spelled as it has to be. */
function readHeader(header: string): string | null {
  return /^\{"typ":"mesh-cap\+jwt","alg":"EdDSA","kid":"([\w-]{43})"\}$/.exec(header)?.[1] ?? null;
}

export function createVerifier(crypto: Crypto, me: string, pinned: Keyring) {
  let keyring = pinned;
  let clock: { own: number; issuer: number; uncertain: number } | null = null;
  let started: number | null = null;
  let boot = 0;
  let devices = 0;
  const rooms = new Map<string, number>();
  /** By presenter and name: the end of its life on the issuer's clock. */
  const used = new Map<string, number>();

  async function decode(token: string): Promise<Claims | Refusal> {
    const parts = token.split('.').map(fromBase64url);
    const [header, payload, signature] = parts;
    if (token.length > CAPABILITY_BYTES || parts.length !== 3 || !header || !payload || !signature) return 'malformed';
    const kid = readHeader(fromAscii(header) ?? '');
    if (!kid) return 'malformed';
    const key = keyring.keys.get(kid);
    if (!key) return 'unknown_key';
    if (!(await crypto.verify(key, toAscii(token.slice(0, token.lastIndexOf('.'))), signature))) return 'signature';
    return readClaims(fromAscii(payload) ?? '') ?? 'malformed';
  }

  async function parties(claims: Claims, expected: Expected): Promise<Refusal | null> {
    const order = claims.caps.map((one) => ORDER.indexOf(one));
    if (claims.iss !== keyring.issuer) return 'issuer';
    if (claims.aud !== `mesh:dev:${me}` || claims.tgt !== me) return 'audience';
    if (claims.sub !== expected.presenter || claims.usr !== expected.user) return 'presenter';
    if (claims.cnf.jkt !== (await thumbprint(crypto, expected.key))) return 'presenter';
    if (claims.room !== expected.room) return 'room';
    if (claims.sid !== expected.sid) return 'session';
    if (claims.nce !== expected.nonce) return 'nonce';
    const rises = order.every((place, index) => index === 0 || place > order[index - 1]!);
    return claims.caps.includes(expected.needs) && rises ? null : 'capability';
  }

  /** The issuer's time and how far it may be off; `null` before the first exchange. */
  function issuerTime(now: number): { time: number; skew: number } | null {
    return clock && { time: clock.issuer + now - clock.own, skew: Math.min(clock.uncertain + SKEW, SKEW_MOST) };
  }

  function life(claims: Claims, { time, skew }: { time: number; skew: number }): Refusal | null {
    const [iat, nbf, exp] = [claims.iat * 1_000, claims.nbf * 1_000, claims.exp * 1_000];
    const most = Math.min(...claims.caps.map((one) => SECONDS[one])) * 1_000;
    if (!(iat <= nbf && nbf < exp && exp - iat <= most) || iat > time + FUTURE) return 'life';
    if (nbf > time + skew) return 'early';
    return exp + skew <= time ? 'late' : null;
  }

  function epochs(claims: Claims): Refusal | null {
    if (claims.boot < boot || started === null || claims.iat * 1_000 < started) return 'before_restart';
    return claims.re < (rooms.get(claims.room) ?? 0) || claims.de < devices ? 'revoked' : null;
  }

  function take(claims: Claims, { time, skew }: { time: number; skew: number }): Refusal | null {
    for (const [name, end] of used) if (end <= time) used.delete(name);
    const name = `${claims.sub} ${claims.jti}`;
    if (used.has(name)) return 'replayed';
    const own = [...used.keys()].filter((one) => one.startsWith(`${claims.sub} `)).length;
    if (used.size >= REPLAY_ENTRIES || own >= REPLAY_ENTRIES_PER_DEVICE) return 'too_many';
    used.set(name, claims.exp * 1_000 + skew);
    return null;
  }

  return {
    take(next: Keyring) {
      keyring = next;
    },
    /** An exchange with the box on this device's clock: asked, answered, and the box's time in the answer. */
    learnTime(sent: number, received: number, issuer: number) {
      const uncertain = Math.ceil(Math.max(received - sent, 0) / 2);
      if (uncertain + SKEW > SKEW_MOST) return;
      clock = { own: sent + uncertain, issuer, uncertain };
      // What is uncertain counts for the one who asks: the nonce keeps older capabilities out anyway.
      started ??= Math.floor((issuer - uncertain) / 1_000) * 1_000;
    },
    learnDevices(boots: number, epoch: number) {
      boot = Math.max(boot, boots);
      devices = Math.max(devices, epoch);
    },
    learnRoom(room: string, epoch: number) {
      rooms.set(room, Math.max(rooms.get(room) ?? 0, epoch));
    },
    /** The claims, when `token` lets the presenter do what it is about to do, now and once. */
    async verify(token: string, expected: Expected, now: number): Promise<Claims | Refusal> {
      const claims = await decode(token);
      if (typeof claims === 'string') return claims;
      const wrong = await parties(claims, expected);
      const time = issuerTime(now);
      if (!time) return 'no_clock';
      return wrong ?? life(claims, time) ?? epochs(claims) ?? take(claims, time) ?? claims;
    },
  };
}

export type Verifier = ReturnType<typeof createVerifier>;
