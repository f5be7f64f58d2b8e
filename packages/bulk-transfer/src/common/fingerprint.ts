import { createHash, timingSafeEqual } from 'node:crypto';
import type { PosternError } from '@postern/core';
import type { BulkEndpoint } from '@postern/software-update';
import { bulkError } from './bulk-errors.ts';

/** SHA-256 as 64 hexadecimal digits. */
export const sha256Hex = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/**
 * What the other end of an encrypted path must prove to have, ready to compare.
 *
 * @throws PosternError `bulk-host-unproved` when nobody has named it
 */
export const expectedHostKey = ({ host, port, hostKey }: BulkEndpoint): string => {
  if (hostKey === undefined || !/^[0-9a-f]{64}$/i.test(hostKey)) {
    throw bulkError(
      'bulk-host-unproved',
      `${host}:${port} is not opened: the device has named no key for its encrypted bulk path`,
    );
  }
  return hostKey.toLowerCase();
};

/** Whether `shown` (a certificate in DER, a host key) has the expected fingerprint. */
export const isExpected = (shown: Uint8Array, expected: string): boolean =>
  timingSafeEqual(Buffer.from(sha256Hex(shown), 'hex'), Buffer.from(expected, 'hex'));

/** The other end has shown another key. */
export const unproved = (where: string): PosternError =>
  bulkError('bulk-host-unproved', `The other end at ${where} has not the key that the device named`);
