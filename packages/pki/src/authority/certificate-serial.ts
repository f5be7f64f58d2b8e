import { X509Certificate } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { errorCode } from '@postern/core';
import { bundlePaths, mailBundlePaths } from '../enrolled-node.ts';
import { pkiError } from '../errors.ts';
import { readText } from '../private-files.ts';
import { parseSerial } from './serial.ts';

/**
 * The serial numbers of certificates that are named by a file, by the number itself, or by a bundle's directory: that
 * of its node first, and that of its mail identity if it has one.
 *
 * @throws PosternError `serial-invalid`, `identity-damaged`
 */
export const certificateSerials = async (
  certificate: string,
): Promise<readonly [string, ...(readonly string[])]> => {
  const found = await stat(certificate).catch((error: unknown) => {
    if (errorCode(error, '') === 'ENOENT') return undefined;
    throw error;
  });
  if (found === undefined) return [parseSerial(certificate)];
  if (!found.isDirectory()) return [serialIn(certificate, await readText(certificate))];
  const [node, mail] = [bundlePaths(certificate).certificate, mailBundlePaths(certificate).certificate];
  const serial = serialIn(node, await readText(node));
  const mailPem = await readText(mail);
  return mailPem === undefined ? [serial] : [serial, serialIn(mail, mailPem)];
};

const serialIn = (path: string, pem: string | undefined): string => {
  try {
    return parseSerial(new X509Certificate(pem ?? '').serialNumber);
  } catch (cause) {
    throw pkiError('identity-damaged', `${path} is no certificate`, { cause });
  }
};
