import type { Entropy } from '@postern/core';
import { pkiError } from '../errors.ts';

/** A positive serial number of 127 random bits (RFC 5280 §4.1.2.2), as 32 hexadecimal digits without leading zero. */
export const randomSerial = (entropy: Entropy): string => {
  const bytes = Buffer.from(entropy.bytes(16));
  bytes.writeUInt8((bytes.readUInt8(0) & 0x7f) | 0x40, 0);
  return bytes.toString('hex');
};

/**
 * The canonical form, lower-case, of a serial number in hexadecimal digits.
 *
 * @throws PosternError `serial-invalid`
 */
export const parseSerial = (text: string): string => {
  if (!/^[0-9a-f]{1,40}$/i.test(text)) {
    throw pkiError('serial-invalid', `Not a serial number: ${JSON.stringify(text.slice(0, 80))}`);
  }
  return text.toLowerCase();
};
