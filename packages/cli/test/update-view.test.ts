import { expect, test } from '@jest/globals';
import { formatBytes, table } from '../src/output/print.ts';
import { palette, progressLine, stepLine } from '../src/output/update-view.ts';

const plain = palette(false);

test('a step shows its number, path, direction, outcome and detail', () => {
  const line = stepLine(
    {
      step: 'S112',
      title: 'image sent',
      path: 'bulk',
      direction: 'to-device',
      outcome: 'done',
      detail: '5 bytes',
    },
    plain,
  );
  expect(line).toBe('  ✓ S112   bulk  plain   → device  image sent — 5 bytes');
});

test('a failed step shows its code', () => {
  const step = {
    step: 'S108',
    title: 'version report read',
    path: 'bulk',
    direction: 'from-device',
  } as const;
  expect(stepLine({ ...step, outcome: 'failed', code: 'version-report-forged' }, plain)).toContain(
    '✗ S108   bulk  plain   ← device  version report read version-report-forged',
  );
});

test.each([
  ['ftp', 'bulk  plain'],
  ['ftps-explicit', 'bulk  TLS  '],
  ['sftp', 'bulk  SSH  '],
] as const)('a step on a bulk path of kind %s says whether it is encrypted', (kind, label) => {
  const step = { step: 'S111', title: 'logged in', path: 'bulk', direction: 'to-device' } as const;
  expect(stepLine({ ...step, outcome: 'done' }, plain, kind)).toContain(`S111   ${label}`);
});

test('progress shows percent, bytes and rate', () => {
  expect(progressLine({ doneBytes: 1_048_576, totalBytes: 4_194_304, bytesPerSecond: 2_048 })).toBe(
    '     25 %  1.0 MiB of 4.0 MiB  2.0 KiB/s',
  );
  expect(progressLine({ doneBytes: 0, totalBytes: 0 })).toContain('100 %');
});

test.each([
  [0, '0 B'],
  [1_023, '1023 B'],
  [1_024, '1.0 KiB'],
  [536_870_912, '512.0 MiB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test('a table aligns its columns', () => {
  expect(
    table([
      ['a', 'bb'],
      ['ccc', 'd'],
    ]),
  ).toEqual(['a    bb', 'ccc  d']);
});
