/** The keys that may sign capabilities, as this device has pinned them (core/src/capability/keyring.rs). */
import { fromBase64url, toAscii, toBase64url, type Bytes } from './base64url';
import { TOKEN_KEYS } from './generated/limit';

/** Ed25519 and SHA-256, wherever they come from. */
export interface Crypto {
  verify(key: Bytes, message: Bytes, signature: Bytes): Promise<boolean>;
  sha256(bytes: Bytes): Promise<Bytes>;
}

export interface Keyring {
  /** The box: thumbprint of its identity key. */
  readonly issuer: string;
  readonly epoch: number;
  /** By name. */
  readonly keys: ReadonlyMap<string, Bytes>;
}

export type KeyringRefusal = 'signature' | 'malformed' | 'rollback';

/** Encodings of points of small order, without the sign bit: signatures exist for them that fit any message. */
const SMALL_ORDER = new Set([
  '00'.repeat(32), `01${'00'.repeat(31)}`,
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  `ec${'ff'.repeat(30)}7f`, `ed${'ff'.repeat(30)}7f`, `ee${'ff'.repeat(30)}7f`,
]);

/** A public key in base64url; `null` for one that is none or may not be used. */
export function parseKey(text: string): Bytes | null {
  const key = fromBase64url(text);
  if (key?.length !== 32) return null;
  const unsigned = Array.from(key, (byte, place) => (place === 31 ? byte & 0x7f : byte).toString(16).padStart(2, '0')).join('');
  return SMALL_ORDER.has(unsigned) ? null : key;
}

/** RFC 7638 and RFC 8037 section 2. */
export async function thumbprint(crypto: Crypto, key: Bytes): Promise<string> {
  return toBase64url(await crypto.sha256(toAscii(`{"crv":"Ed25519","kty":"OKP","x":"${toBase64url(key)}"}`)));
}

/** Whether `signature` is the key's over `message`, for `purpose`: the purpose, a zero byte, and the message are signed. */
export async function hasSigned(crypto: Crypto, key: Bytes, purpose: string, message: string, signature: string): Promise<boolean> {
  const bytes = fromBase64url(signature);
  return bytes !== null && crypto.verify(key, toAscii(`${purpose}\0${message}`), bytes);
}

/** Takes a keyset that the pinned identity has signed and that is no older than `known`, the newest epoch ever seen. */
export async function takeKeyset(
  crypto: Crypto, identity: Bytes, known: number, signed: { keyset: string; signature: string },
): Promise<Keyring | KeyringRefusal> {
  if (!(await hasSigned(crypto, identity, 'mesh/v1/keyset', signed.keyset, signed.signature))) return 'signature';
  let said: { iss?: unknown; epoch?: unknown; keys?: unknown } | null;
  try {
    said = JSON.parse(signed.keyset) as typeof said;
  } catch {
    return 'malformed';
  }
  const issuer = await thumbprint(crypto, identity);
  if (said?.iss !== issuer || !Number.isSafeInteger(said.epoch) || !Array.isArray(said.keys) || said.keys.length > TOKEN_KEYS) return 'malformed';
  const epoch = said.epoch as number;
  if (epoch < Math.max(known, 1)) return 'rollback';
  const keys = new Map<string, Bytes>();
  for (const text of said.keys as unknown[]) {
    const key = typeof text === 'string' ? parseKey(text) : null;
    if (!key) return 'malformed';
    keys.set(await thumbprint(crypto, key), key);
  }
  return { issuer, epoch, keys };
}
