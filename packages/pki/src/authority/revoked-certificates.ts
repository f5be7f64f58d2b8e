import { Instant } from '@postern/core';
import { pkiError } from '../errors.ts';
import { readText, replacePrivateFile } from '../private-files.ts';
import { parseSerial } from './serial.ts';

/** One certificate that was taken back. */
export interface RevokedCertificate {
  /** Lower-case hexadecimal digits. */
  readonly serial: string;
  readonly at: Instant;
}

/** The CA's record of revoked certificates, read from the file each time: another process may revoke too. */
export interface RevokedCertificates {
  list(): Promise<readonly RevokedCertificate[]>;
  /** Durable when resolved; adding one again changes nothing. */
  add(certificate: RevokedCertificate): Promise<void>;
}

export const revokedCertificates = (path: string): RevokedCertificates => {
  let lastAddition: Promise<void> = Promise.resolve();
  const list = async (): Promise<readonly RevokedCertificate[]> => parse(await readText(path), path);
  const add = async (certificate: RevokedCertificate): Promise<void> => {
    const present = await list();
    if (present.some(({ serial }) => serial === certificate.serial)) return;
    await replacePrivateFile(path, `${JSON.stringify([...present, certificate], undefined, 2)}\n`);
  };
  return {
    list,
    // One after the other: each reads what the one before has written.
    add: (certificate) => {
      const addition = lastAddition.then(() => add(certificate));
      lastAddition = addition.catch(() => {});
      return addition;
    },
  };
};

const parse = (text: string | undefined, path: string): readonly RevokedCertificate[] => {
  if (text === undefined) return [];
  try {
    const entries: unknown = JSON.parse(text);
    if (!Array.isArray(entries)) throw new TypeError('Not a list');
    return entries.map((entry: { serial?: unknown; at?: unknown }) => ({
      serial: parseSerial(String(entry.serial)),
      at: Instant(new Date(Number(entry.at)).getTime()),
    }));
  } catch (cause) {
    throw pkiError('authority-damaged', `${path} is no list of revoked certificates`, {
      cause,
      hint: 'Restore it from a backup: without it revoked nodes would be let in again.',
    });
  }
};
