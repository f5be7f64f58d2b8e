import { expect, test } from '@jest/globals';
import { errorCode } from '@postern/core';
import { addressText, readAddress } from '../../../src/domain/search/address.ts';
import { addressesToAsk, readAddressRange } from '../../../src/domain/search/address-range.ts';
import { searchSchema } from '../../../src/domain/search/search-schema.ts';

const usual = searchSchema.parse(undefined).allowedRanges.flatMap((text) => readAddressRange(text) ?? []);

/** @returns first, last and number of the addresses, or the code of the refusal */
const asked = (text: string, allowed = usual): string => {
  try {
    const addresses = addressesToAsk(text, allowed);
    return `${addresses[0]} ${addresses.at(-1)} ${addresses.length}`;
  } catch (error) {
    return errorCode(error, String(error));
  }
};

/** @spec I3 */
test.each([
  ['192.168.7.0/24', '192.168.7.1 192.168.7.254 254'],
  ['192.168.7.200/24', '192.168.7.1 192.168.7.254 254'],
  ['10.0.0.0/22', '10.0.0.1 10.0.3.254 1022'],
  ['10.0.0.4/31', '10.0.0.4 10.0.0.5 2'],
  ['10.0.0.4/32', '10.0.0.4 10.0.0.4 1'],
  ['10.0.0.255-10.0.1.2', '10.0.0.255 10.0.1.2 4'],
  [' 10.0.0.1 - 10.0.0.9 ', '10.0.0.1 10.0.0.9 9'],
  ['127.0.0.1', '127.0.0.1 127.0.0.1 1'],
  ['::1', '::1 ::1 1'],
  ['fd00:0:0::1-fd00::1:2', 'range-too-large'],
  ['fd00::fffe-fd00::1:1', 'fd00::fffe fd00::1:1 4'],
  ['fd00::/118', 'fd00:: fd00::3ff 1024'],
])('the range %j asks %s', (text, expected) => {
  expect(asked(text)).toBe(expected);
});

test.each([
  ['', 'range-invalid'],
  ['everywhere', 'range-invalid'],
  ['10.0.0.0/33', 'range-invalid'],
  ['10.0.0/24', 'range-invalid'],
  ['10.0.0.9-10.0.0.1', 'range-invalid'],
  ['10.0.0.1-fd00::1', 'range-invalid'],
  ['10.0.0.01', 'range-invalid'],
  ['fe80::1%eth0', 'range-invalid'],
  ['::ffff:10.0.0.1', 'range-invalid'],
  ['10.0.0.1\u0000', 'range-invalid'],
  [`10.0.0.1${' '.repeat(10_000)}x`, 'range-invalid'],
  ['10.0.0.0/21', 'range-too-large'],
  ['10.0.0.0/0', 'range-too-large'],
  ['::/0', 'range-too-large'],
  ['fd00::/117', 'range-too-large'],
  ['8.8.8.8', 'range-not-allowed'],
  ['2001:db8::/120', 'range-not-allowed'],
  ['11.255.255.255-12.0.0.1', 'range-not-allowed'],
  // Begins in a private range and leaves it.
  ['10.255.255.250-11.0.0.5', 'range-not-allowed'],
])('the range %j is refused: %s', (text, code) => {
  expect(asked(text)).toBe(code);
});

test('a site may allow more, or less', () => {
  const documentation = [readAddressRange('192.0.2.0/24')].flatMap((range) => range ?? []);
  expect(asked('192.0.2.8/30', documentation)).toBe('192.0.2.9 192.0.2.10 2');
  expect(asked('10.0.0.1', documentation)).toBe('range-not-allowed');
});

test.each(['0.0.0.0', '255.255.255.255', '::', '::1', 'fd00::1:2', '2001:db8:1:2:3:4:5:6', 'fe80::a:0:0:1'])(
  'the address %s is read and written again',
  (text) => {
    const address = readAddress(text);
    expect(address && addressText(address)).toBe(text);
  },
);
