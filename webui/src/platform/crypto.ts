/** Ed25519 and SHA-256 of the browser (WebCrypto). */
type Bytes = Uint8Array<ArrayBuffer>;

export const browserCrypto = {
  async verify(key: Bytes, message: Bytes, signature: Bytes): Promise<boolean> {
    try {
      const imported = await crypto.subtle.importKey('raw', key, 'Ed25519', false, ['verify']);
      return await crypto.subtle.verify('Ed25519', imported, signature, message);
    } catch {
      // Not a point, or not as long as a signature.
      return false;
    }
  },
  async sha256(bytes: Bytes): Promise<Bytes> {
    return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  },
};
