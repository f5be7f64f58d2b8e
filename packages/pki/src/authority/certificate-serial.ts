import { X509Certificate } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { errorCode } from '@postern/core';
import { bundlePaths } from '../enrolled-node.ts';
import { pkiError } from '../errors.ts';
import { readText } from '../private-files.ts';
import { parseSerial } from './serial.ts';

/**
 * The serial number of a certificate that is named by its file, by its bundle's directory or by the number itself.
 *
 * @throws PosternError `serial-invalid`, `identity-damaged`
 */
export const certificateSerial = async (certificate: string): Promise<string> => {
  const found = await stat(certificate).catch((error: unknown) => {
    if (errorCode(error, '') === 'ENOENT') return undefined;
    throw error;
  });
  if (found === undefined) return parseSerial(certificate);
  const path = found.isDirectory() ? bundlePaths(certificate).certificate : certificate;
  try {
    return parseSerial(new X509Certificate((await readText(path)) ?? '').serialNumber);
  } catch (cause) {
    throw pkiError('identity-damaged', `${path} is no certificate`, { cause });
  }
};
