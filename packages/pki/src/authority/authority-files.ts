import type { webcrypto } from 'node:crypto';
import { join } from 'node:path';
import { type Clock, Days, type Duration, type Entropy, Minutes } from '@postern/core';
import { pkiError } from '../errors.ts';
import { generateKeys, privateKeyFromPem, privateKeyToPem, SIGNATURE_ALGORITHM } from '../keys.ts';
import { createPrivateFile, makePrivateDirectory, readPrivateText } from '../private-files.ts';
import { x509 } from '../x509.ts';
import { randomSerial } from './serial.ts';

/** What a CA is made of. */
export interface AuthorityKeys {
  readonly certificatePem: string;
  readonly signingKey: webcrypto.CryptoKey;
}

/** How far certificates are dated back, for nodes whose clocks are behind. */
export const CLOCK_TOLERANCE: Duration = Minutes(10);
const AUTHORITY_LIFETIME: Duration = Days(3_650);

const authorityPath = (directory: string): string => join(directory, 'authority.pem');

/** Whether there is a development CA; opening one would make it. */
export const hasAuthority = async (directory: string): Promise<boolean> =>
  (await readPrivateText(authorityPath(directory))) !== undefined;

/**
 * Key and certificate stand in one file, so that no crash and no second process can leave a key without its
 * certificate or a certificate of another key.
 */
export const loadOrCreateKeys = async (options: {
  directory: string;
  clock: Clock;
  entropy: Entropy;
}): Promise<AuthorityKeys> => {
  const path = authorityPath(options.directory);
  await makePrivateDirectory(options.directory);
  const present = await readPrivateText(path);
  if (present !== undefined) return parse(present, path);
  await createPrivateFile(path, await create(options));
  return parse((await readPrivateText(path)) ?? '', path);
};

const create = async ({ clock, entropy }: { clock: Clock; entropy: Entropy }): Promise<string> => {
  const keys = await generateKeys();
  const now = clock.now();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: randomSerial(entropy),
    name: [{ CN: ['Postern development CA'] }],
    notBefore: new Date(now - CLOCK_TOLERANCE),
    notAfter: new Date(now + AUTHORITY_LIFETIME),
    keys,
    signingAlgorithm: SIGNATURE_ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return `${await privateKeyToPem(keys.privateKey)}${certificate.toString('pem')}\n`;
};

const parse = async (text: string, path: string): Promise<AuthorityKeys> => {
  try {
    const start = text.indexOf('-----BEGIN CERTIFICATE-----');
    const certificatePem = text.slice(start);
    new x509.X509Certificate(certificatePem);
    return { certificatePem, signingKey: await privateKeyFromPem(text.slice(0, start)) };
  } catch (cause) {
    throw pkiError('authority-damaged', `${path} does not hold the CA's key and certificate`, {
      cause,
      hint: 'Restore it from a backup; a new CA means enrolling every node again.',
    });
  }
};
