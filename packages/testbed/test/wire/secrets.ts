import { createPrivateKey } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Entropy, systemEntropy } from '@postern/core';
import type { SiteFiles } from '@postern/testbed';
import type { Place } from './places.ts';

/** Something that must not be read by others, and what it is. */
export interface Secret {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Randomness that remembers what it gave. Every secret of an update is 32 bytes of it; nothing public is. */
export const rememberingEntropy = (): Entropy & { readonly secrets: () => readonly Secret[] } => {
  const drawn: Uint8Array[] = [];
  return {
    bytes: (length) => {
      const bytes = systemEntropy.bytes(length);
      if (length >= 32) drawn.push(Uint8Array.from(bytes));
      return bytes;
    },
    secrets: () => drawn.map((bytes, at) => ({ name: `random secret ${at + 1}`, bytes })),
  };
};

/** The private keys and the token that lie in a site's directory. */
export const siteSecrets = async (files: SiteFiles): Promise<readonly Secret[]> => {
  const token = (await readFile(join(files.serverDataDir, 'operator.token'), 'utf8')).trim();
  const identities = join(files.directory, 'identities');
  const nodes = await readdir(identities);
  const keyFiles = [files.vendorPrivateKeyFile, ...nodes.map((node) => join(identities, node, 'node.key'))];
  const keys = await Promise.all(keyFiles.map(privateKeySecrets));
  return [
    ...keys.flat(),
    { name: 'operator token', bytes: Buffer.from(token, 'utf8') },
    { name: 'what the operator token is made of', bytes: Buffer.from(token, 'base64url') },
  ];
};

/** A key as a file holds it, and the number it comes down to (RFC 7517: `d`). */
const privateKeySecrets = async (file: string): Promise<readonly Secret[]> => {
  const key = createPrivateKey(await readFile(file));
  const { d = '' } = key.export({ format: 'jwk' });
  return [
    { name: `${file} (PKCS #8)`, bytes: key.export({ type: 'pkcs8', format: 'der' }) },
    { name: `${file} (private number)`, bytes: Buffer.from(d, 'base64url') },
  ];
};

/** The forms in which a secret would be read on the wire or in a log. */
const formsOf = (bytes: Uint8Array): readonly Buffer[] => {
  const buffer = Buffer.from(bytes);
  const hex = buffer.toString('hex');
  const base64 = buffer.toString('base64').replace(/=+$/, '');
  return [
    buffer,
    ...[hex, hex.toUpperCase(), base64, buffer.toString('base64url')].map((text) => Buffer.from(text)),
  ];
};

/** Where which secret can be read, in whatever form. */
export const leaks = (secrets: readonly Secret[], places: readonly Place[]): readonly string[] =>
  secrets.flatMap((secret) => {
    if (secret.bytes.length < 16) throw new TypeError(`${secret.name} is too short to be looked for`);
    const forms = formsOf(secret.bytes);
    return places
      .filter(({ bytes }) => forms.some((form) => bytes.includes(form)))
      .map(({ name }) => `${secret.name} in ${name}`);
  });
