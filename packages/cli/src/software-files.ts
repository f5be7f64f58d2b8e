import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, stat, writeFile } from 'node:fs/promises';
import { type Clock, type Duration, errorCode, Instant } from '@postern/core';
import { generateVendorKey, type Signer, signManifest, vendorSignerFromPem } from '@postern/software-update';
import { cliError } from './errors.ts';

/** What `postern software sign` is told. */
export interface SigningRequest {
  readonly software: string;
  readonly model: string;
  readonly validFor: Duration;
  readonly components: readonly { name: string; version: string; releaseCounter: number; file: string }[];
}

/**
 * Hashes the images (streaming) and signs a manifest of them with each of the keys.
 *
 * @throws PosternError `image-empty`, `file-unreadable`, `key-unusable`, `key-too-open`
 */
export const signSoftware = async (
  clock: Clock,
  request: SigningRequest,
  ...privateKeyFiles: readonly string[]
): Promise<Uint8Array> => {
  const components = [];
  for (const { name, version, releaseCounter, file } of request.components) {
    components.push({ name, version, releaseCounter, ...(await measureImage(file)) });
  }
  const expires = Instant(clock.now() + request.validFor);
  const { software, model } = request;
  const signers = await readSigners(privateKeyFiles);
  return signManifest({ format: 1, software, model, expires, components }, signers);
};

/** @throws PosternError `file-unreadable` */
export const readBytes = async (file: string): Promise<Buffer> => {
  try {
    return await readFile(file);
  } catch (cause) {
    throw cliError('file-unreadable', `${file} cannot be read (${errorCode(cause, 'unknown')})`, cause);
  }
};

/** @throws PosternError `file-unwritable` */
export const writeBytes = async (file: string, content: Uint8Array | string): Promise<void> => {
  try {
    await writeFile(file, content);
  } catch (cause) {
    throw cliError('file-unwritable', `${file} cannot be written (${errorCode(cause, 'unknown')})`, cause);
  }
};

/** Length and digest of a file of any size. */
export const measureImage = async (file: string): Promise<{ length: number; sha256: string }> => {
  const length = await fileLength(file);
  if (length === 0) {
    throw cliError('image-empty', `${file} is empty`);
  }
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 18 })) hash.update(chunk);
  return { length, sha256: hash.digest('hex') };
};

const fileLength = async (file: string): Promise<number> => {
  try {
    const found = await stat(file);
    if (found.isFile()) return found.size;
    throw cliError('file-unreadable', `${file} is not a file`);
  } catch (cause) {
    if (errorCode(cause, '') === 'file-unreadable') throw cause;
    throw cliError('file-unreadable', `${file} cannot be read (${errorCode(cause, 'unknown')})`, cause);
  }
};

const GROUP_OR_OTHERS = 0o077;

/**
 * Reads vendors' private keys; a key that is named twice is there once.
 *
 * @throws PosternError `file-unreadable`, `key-unusable`, `key-too-open`
 */
export const readSigners = async (files: readonly string[]): Promise<readonly Signer[]> => {
  const signers = new Map<string, Signer>();
  for (const file of files) {
    const signer = await readSigner(file);
    signers.set(signer.keyId, signer);
  }
  return [...signers.values()];
};

const readSigner = async (file: string): Promise<Signer> => {
  const pem = await readBytes(file);
  let signer: Signer;
  try {
    signer = vendorSignerFromPem(pem.toString('utf8'));
  } catch (cause) {
    throw cliError('key-unusable', `${file} is not a vendor's private key`, cause);
  }
  if (((await stat(file)).mode & GROUP_OR_OTHERS) === 0) return signer;
  throw cliError('key-too-open', `Others than its owner may use the private key ${file}`);
};

/** Writes a new key pair: `NAME.key` (0600) and `NAME.pub`. Never overwrites. */
export const writeVendorKey = async (
  base: string,
): Promise<{ privateKeyFile: string; publicKeyFile: string }> => {
  const { privateKeyPem, publicKeyPem } = generateVendorKey();
  const files = { privateKeyFile: `${base}.key`, publicKeyFile: `${base}.pub` };
  await writeSecret(files.privateKeyFile, privateKeyPem);
  await writeBytes(files.publicKeyFile, publicKeyPem);
  return files;
};

/**
 * Writes a new file that its owner alone may read.
 *
 * @throws PosternError `file-exists`, `file-unwritable`
 */
export const writeSecret = async (path: string, content: Uint8Array | string): Promise<void> => {
  try {
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(content).finally(() => file.close());
  } catch (cause) {
    const reason = errorCode(cause, 'unknown');
    const code = reason === 'EEXIST' ? 'file-exists' : 'file-unwritable';
    throw cliError(code, `${path} cannot be made (${reason})`, cause);
  }
};
