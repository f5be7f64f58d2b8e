import { expect, test } from '@jest/globals';
import { imageName, parseBulkName, versionReportName } from '@postern/software-update';

const NONCE = 'ab'.repeat(16);

test.each([
  [versionReportName(), { kind: 'version-report' }],
  [versionReportName(NONCE), { kind: 'version-report', nonce: NONCE }],
  [imageName('firmware'), { kind: 'image', component: 'firmware' }],
  [imageName('net-1.2'), { kind: 'image', component: 'net-1.2' }],
])('%s is understood', (name, parsed) => {
  expect(parseBulkName(name)).toEqual(parsed);
});

test.each([
  '',
  '.',
  'image',
  'image.',
  'image...',
  'image.FIRMWARE',
  'image.a/b',
  'image./etc/passwd',
  '../image.firmware',
  '/image.firmware',
  'image.firmware\n',
  `image.${'a'.repeat(33)}`,
  'version-report.',
  'version-report.abcd',
  `version-report.${NONCE.toUpperCase()}`,
  `version-report.${'a'.repeat(65)}`,
])('%j stands for nothing', (name) => {
  expect(parseBulkName(name)).toBeUndefined();
});
