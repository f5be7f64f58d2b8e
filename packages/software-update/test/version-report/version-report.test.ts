import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import {
  formatVersionReport,
  LONGEST_VERSION_REPORT,
  type ReportBinding,
  readVersionReport,
  startNotificationMac,
  UPDATE_ERRORS,
  type UpdateErrorCode,
  type VersionReport,
} from '@postern/software-update';
import fc from 'fast-check';

const binding: ReportBinding = {
  deviceId: 'mfp-1',
  jobId: 'job-1',
  nonce: '0123456789abcdef0123456789abcdef',
  reportKey: '5a'.repeat(32),
};
const report: VersionReport = { versions: { firmware: '1.0', network: '3.1' }, activity: 'idle' };
const text = Buffer.from(formatVersionReport(report, binding)).toString();
const lines = text.trimEnd().split('\n');
const joined = (changed: readonly string[]): string => `${changed.join('\n')}\n`;
const read = (content: string, bound?: ReportBinding) => readVersionReport(Buffer.from(content), bound);
const code = (expected: string) => expect.objectContaining({ code: expected });

/** @spec U2 X2 */
test('any report survives being written and read, with and without its authentication', () => {
  const name = fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,31}$/);
  const version = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9.+_-]{0,63}$/);
  const any: fc.Arbitrary<VersionReport> = fc.record(
    {
      versions: fc.dictionary(name, version, { maxKeys: 20, noNullPrototype: true }),
      activity: fc.constantFrom('idle', 'receiving', 'waiting-for-jobs', 'installing'),
      error: fc.constantFrom(...(Object.keys(UPDATE_ERRORS) as UpdateErrorCode[])),
    },
    { requiredKeys: ['versions'] },
  );
  fc.assert(
    fc.property(any, (sent) => {
      expect(readVersionReport(formatVersionReport(sent))).toEqual(sent);
      expect(readVersionReport(formatVersionReport(sent, binding), binding)).toEqual(sent);
    }),
  );
});

/** @spec X2 */
test('the code is what the documentation says: HMAC-SHA-256 over purpose, device, job and all lines before it', () => {
  const signed = ['postern-version-report-1', 'mfp-1', 'job-1', ...lines.slice(0, -1)].join('\n');
  const hmac = createHmac('sha256', Buffer.from(binding.reportKey, 'hex')).update(signed).digest('hex');
  expect(text).toBe(`firmware=1.0\nnetwork=3.1\n@activity=idle\n@nonce=${binding.nonce}\n@hmac=${hmac}\n`);
});

/** @spec X2 */
describe('a report is refused as forged when', () => {
  const foreign = joined(['firmware=2.0']);
  test.each<[string, string, ReportBinding]>([
    ['it answers another nonce', text, { ...binding, nonce: 'f'.repeat(32) }],
    ['it belongs to another job', text, { ...binding, jobId: 'job-2' }],
    ['it comes from another device', text, { ...binding, deviceId: 'mfp-2' }],
    ['it was made with another key', text, { ...binding, reportKey: '5b'.repeat(32) }],
    ['a line was changed', text.replace('firmware=1.0', 'firmware=2.0'), binding],
    ['a line was removed', joined(lines.slice(1)), binding],
    ['a line was added in front', joined(['scanner=1.0', ...lines]), binding],
    ['a line was added behind', joined([...lines, 'scanner=1.0']), binding],
    ['two lines were exchanged', joined([...lines.slice(0, 2).reverse(), ...lines.slice(2)]), binding],
    ['its code is missing', joined(lines.slice(0, -1)), binding],
    ['its code is empty', joined([...lines.slice(0, -1), '@hmac=']), binding],
    [
      'its nonce was replaced',
      text.replace(binding.nonce, 'f'.repeat(32)),
      { ...binding, nonce: 'f'.repeat(32) },
    ],
    ['it has neither nonce nor code', foreign, binding],
    ['it is empty', '', binding],
    [
      'it bears the code of a start notification',
      joined([...lines.slice(0, -1), `@hmac=${startNotificationMac(binding)}`]),
      binding,
    ],
  ])('%s', (_, content, bound) => {
    expect(() => read(content, bound)).toThrow(code('version-report-forged'));
  });

  test('any single byte of it was changed, or it still says the same', () => {
    const bytes = Buffer.from(text);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const changed = Uint8Array.from(bytes, (byte, index) => (index === at ? byte ^ flip : byte));
        try {
          expect(readVersionReport(changed, binding)).toEqual(report);
        } catch (error) {
          expect(error).toMatchObject({ code: 'version-report-forged' });
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a report of a device of another vendor', () => {
  test.each<[string, string, VersionReport]>([
    ['has no lines of ours', 'firmware=1.0\n', { versions: { firmware: '1.0' } }],
    [
      'ends its lines with CR LF',
      'firmware=1.0\r\nnetwork=3.1\r\n',
      { versions: { firmware: '1.0', network: '3.1' } },
    ],
    ['has no line end at its end', 'firmware=1.0', { versions: { firmware: '1.0' } }],
    ['has empty lines', '\nfirmware=1.0\n\n', { versions: { firmware: '1.0' } }],
    [
      'says an activity that we do not know',
      'firmware=1.0\n@activity=dancing\n',
      { versions: { firmware: '1.0' } },
    ],
    ['says an error that we do not know', '@error=paper-jam\n', { versions: {}, error: 'transfer-refused' }],
    ['says nothing', '', { versions: {} }],
  ])('%s', (_, content, expected) => {
    expect(read(content)).toEqual(expected);
  });

  /** @spec X2 */
  test('is authenticated although an FTP client turned its line ends into CR LF', () => {
    expect(read(text.replaceAll('\n', '\r\n'), binding)).toEqual(report);
  });

  test.each([
    ['a line without =', 'firmware\n'],
    ['a name in capitals', 'Firmware=1.0\n'],
    ['a name that is none', '__proto__=1.0\n'],
    ['an empty version', 'firmware=\n'],
    ['a version with a space', 'firmware=1.0 beta\n'],
    ['a component twice', 'firmware=1.0\nfirmware=2.0\n'],
    ['an unknown line of ours', '@model=x\n'],
    ['no end', `firmware=1.0\n${'\n'.repeat(LONGEST_VERSION_REPORT)}`],
  ])('with %s cannot be read', (_, content) => {
    expect(() => read(content)).toThrow(code('version-report-malformed'));
  });
});

/** @spec U6 X2 */
test('the code of a start notification is bound to device, job and nonce', () => {
  const macs = [
    binding,
    { ...binding, deviceId: 'mfp-2' },
    { ...binding, jobId: 'job-2' },
    { ...binding, nonce: 'f'.repeat(32) },
    { ...binding, reportKey: '5b'.repeat(32) },
  ].map(startNotificationMac);
  expect(new Set(macs).size).toBe(macs.length);
  expect(macs[0]).toMatch(/^[0-9a-f]{64}$/);
});
