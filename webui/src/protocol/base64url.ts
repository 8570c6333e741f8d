/** Bytes as text and back (RFC 4648 section 5), without padding, in the one spelling that text has. */
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

export type Bytes = Uint8Array<ArrayBuffer>;

export function toBase64url(bytes: Bytes): string {
  let text = '';
  for (let place = 0; place < bytes.length; place += 3) {
    const bits = (bytes[place]! << 16) | ((bytes[place + 1] ?? 0) << 8) | (bytes[place + 2] ?? 0);
    const letters = [18, 12, 6, 0].map((shift) => LETTERS[(bits >> shift) & 63]!).join('');
    text += letters.slice(0, Math.min(bytes.length - place, 3) + 1);
  }
  return text;
}

/** `null` for anything but the one spelling: other letters, padding, and bits that mean nothing included. */
export function fromBase64url(text: string): Bytes | null {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let place = 0;
  for (const letter of text) {
    const value = LETTERS.indexOf(letter);
    if (value < 0) return null;
    bits = ((bits << 6) | value) & 0xfff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes[place++] = (bits >> held) & 0xff;
    }
  }
  return toBase64url(bytes) === text ? bytes : null;
}

/** Text of one byte a letter; `null` when there are others. */
export function fromAscii(bytes: Bytes): string | null {
  return bytes.every((byte) => byte < 0x80) ? String.fromCharCode(...bytes) : null;
}

export function toAscii(text: string): Bytes {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
