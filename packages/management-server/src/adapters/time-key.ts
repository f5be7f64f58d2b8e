import { createPublicKey } from 'node:crypto';
import { join } from 'node:path';
import {
  generateVendorKey,
  signTime,
  type TimeStatement,
  vendorKeyFromPem,
  vendorSignerFromPem,
} from '@postern/software-update';
import { readTextFile, writeFileAtomic } from '@postern/storage';
import { serverError } from '../errors.ts';

/** This server's word on what time it is, which devices without a clock pin. */
export interface TimeKey {
  /** SHA-256 of the public key's SPKI encoding, hexadecimal. */
  readonly keyId: string;
  readonly publicKeyPem: string;
  /** Holds the public key. */
  readonly publicKeyFile: string;
  sign(statement: TimeStatement): Uint8Array;
}

/** For everybody: it is to be carried to the makers of devices. */
const PUBLIC = 0o644;

/**
 * Reads the Ed25519 time key, `time.key` (mode 0600) in the data directory, making it at the first start; its public
 * half stands beside it in `time.pub`.
 *
 * @throws PosternError `time-key-invalid` when the file holds something else
 * @spec X1
 */
export const openTimeKey = async (dataDir: string): Promise<TimeKey> => {
  const [privateKeyFile, publicKeyFile] = [join(dataDir, 'time.key'), join(dataDir, 'time.pub')];
  const present = await readTextFile(privateKeyFile);
  const privateKeyPem = present ?? generateVendorKey().privateKeyPem;
  if (present === undefined) await writeFileAtomic(privateKeyFile, privateKeyPem);
  const { signer, publicKeyPem } = readKey(privateKeyPem, privateKeyFile);
  await writeFileAtomic(publicKeyFile, publicKeyPem, { mode: PUBLIC });
  const { keyId } = vendorKeyFromPem(publicKeyPem);
  return { keyId, publicKeyPem, publicKeyFile, sign: (statement) => signTime(statement, signer) };
};

const readKey = (pem: string, file: string) => {
  try {
    const signer = vendorSignerFromPem(pem);
    const publicKeyPem = createPublicKey(signer.privateKey)
      .export({ type: 'spki', format: 'pem' })
      .toString();
    return { signer, publicKeyPem };
  } catch (cause) {
    throw serverError('time-key-invalid', `${file} holds no Ed25519 private key`, { cause });
  }
};
