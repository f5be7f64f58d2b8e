import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';

/** A vendor's Ed25519 public key and its identifier (SHA-256 of the SPKI encoding, hexadecimal). */
export interface VendorKey {
  readonly keyId: string;
  readonly publicKey: KeyObject;
}

/** @param pem SPKI public key in PEM; throws Node's crypto errors when it is not one */
export const vendorKeyFromPem = (pem: string): VendorKey => vendorKeyOf(createPublicKey(pem));

/** Makes a key pair. The private key is PKCS#8 PEM: store it 0600, and away from the servers. */
export const generateVendorKey = (): {
  privateKeyPem: string;
  publicKeyPem: string;
} => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
};

/** The signing half from its PKCS#8 PEM, with the identifier of the public half. */
export const vendorSignerFromPem = (pem: string): { keyId: string; privateKey: KeyObject } => {
  const privateKey = createPrivateKey(pem);
  return { keyId: vendorKeyOf(createPublicKey(privateKey)).keyId, privateKey };
};

const vendorKeyOf = (publicKey: KeyObject): VendorKey => {
  if (publicKey.asymmetricKeyType !== 'ed25519') {
    throw new TypeError(`A vendor key must be Ed25519, not ${publicKey.asymmetricKeyType}`);
  }
  const encoded = publicKey.export({ type: 'spki', format: 'der' });
  return {
    keyId: createHash('sha256').update(encoded).digest('hex'),
    publicKey,
  };
};
