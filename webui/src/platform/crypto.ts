/** Ed25519 and SHA-256 of the browser (WebCrypto). */
import type { Bytes } from '../protocol/base64url';
import type { Crypto } from '../protocol/keyring';

export const browserCrypto: Crypto = {
  async verify(key: Bytes, message: Bytes, signature: Bytes) {
    try {
      const imported = await crypto.subtle.importKey('raw', key, 'Ed25519', false, ['verify']);
      return await crypto.subtle.verify('Ed25519', imported, signature, message);
    } catch {
      // Not a point, or not as long as a signature.
      return false;
    }
  },
  async sha256(bytes: Bytes) {
    return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  },
};
