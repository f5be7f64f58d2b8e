import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { createClosers, silentLogger, systemClock, systemEntropy } from '@postern/core';
import { type EnrolledNode, ensureNodeIdentity, openAuthority } from '@postern/pki';
import { deviceChecks, openDeviceTarget } from '@postern/testbed/conformance';
import { badDocuments } from '../../src/conformance/soap/bad-documents.ts';
import { afterwards, keepForFile, temporaryDirectory } from '../support/afterwards.ts';
import { type Flaw, startFlawedDevice } from './flawed-device.ts';
import { resultsOf, shortcomings } from './verdicts.ts';

keepForFile();
let device: EnrolledNode;
let intermediary: EnrolledNode;

beforeAll(async () => {
  const directory = await temporaryDirectory();
  const ports = { clock: systemClock, entropy: systemEntropy };
  const authority = await openAuthority({ directory: join(directory, 'ca'), ...ports });
  const enrol = (role: 'device' | 'intermediary', name: string): Promise<EnrolledNode> =>
    ensureNodeIdentity({
      directory: join(directory, name),
      identity: { role, name },
      clock: systemClock,
      authority,
    });
  device = await enrol('device', 'model-device');
  intermediary = await enrol('intermediary', 'site-a');
});

const DOCUMENTS = badDocuments('<A xmlns="urn:a"><b>1</b><c>2</c></A>');

/** Each flaw with the checks that it must fail; for a row, only they are carried out. */
const ROWS: readonly (readonly [flaw: Flaw, ids: readonly string[]])[] = [
  ['answers-anything', [...DOCUMENTS.map(({ id }) => id), 'body-huge']],
  ['refuses-without-reason', ['element-missing', 'parameter-unknown']],
  [
    'answers-with-more',
    [
      'get-device-information',
      'get-counters',
      'get-parameters',
      'collect-logs',
      'confirm-alive',
      'get-applications',
      'list-files',
      'soap-1.1',
    ],
  ],
  ['speaks-other-version', ['soap-1.1', 'soap-1.2']],
  ['asks-no-certificate', ['tls-no-certificate', 'tls-foreign-ca']],
  ['speaks-plain', ['tls-plain']],
  ['has-another-name', ['get-device-information']],
  ['loses-parameters', ['set-parameters']],
  ['takes-any-name', ['parameter-unknown', 'command-unknown', 'file-unknown', 'list-unknown']],
  ['stops-applications', ['set-application']],
  ['keeps-deleted-files', ['files']],
  ['refuses-logins', ['password-opens', 'password-needed']],
  ['reports-another-version', ['report-agrees']],
  ['takes-any-password', ['password-needed']],
  ['takes-any-user', ['password-user']],
  ['keeps-older-passwords', ['password-replaced']],
  ['keeps-erased-passwords', ['password-erased']],
  ['opens-by-erasure-password', ['erasure-opens-nothing']],
  ['ignores-lifetimes', ['password-lifetime']],
  ['lets-guess', ['password-tries']],
  ['only-says-invalidated', ['password-invalidated']],
  ['authenticates-nothing', ['report-authenticated']],
  ['claims-to-check-manifests', ['manifest-checked']],
  ['keeps-its-password-to-itself', ['password-generated']],
];

const verdicts = async (flaw: Flaw | undefined, ids: readonly string[]) => {
  const closers = createClosers();
  afterwards(() => closers.close());
  const { port } = await startFlawedDevice(device, closers, flaw);
  const target = await openDeviceTarget({
    url: `https://127.0.0.1:${port}/device`,
    node: intermediary,
    clock: systemClock,
    entropy: systemEntropy,
    logger: silentLogger,
  });
  return resultsOf(
    deviceChecks.filter(({ id }) => ids.includes(id)),
    target,
  );
};

const ALL = deviceChecks.map(({ id }) => id);

test('without a flaw all checks pass', async () => {
  expect(shortcomings(await verdicts(undefined, ALL))).toEqual([]);
}, 60_000);

test.each(ROWS)(
  'a device that %s is told so',
  async (flaw, ids) => {
    const results = await verdicts(flaw, ids);
    expect(results.filter(({ outcome }) => outcome !== 'failed').map(({ id }) => id)).toEqual([]);
    expect(results).toHaveLength(ids.length);
    expect(results.filter(({ reason, next }) => !reason || !next)).toEqual([]);
  },
  60_000,
);

test('a device that leaves out InvalidateOneTimePassword is told that its documents were not looked at', async () => {
  const documents = ROWS.find(([flaw]) => flaw === 'answers-anything')?.[1] ?? [];
  const results = await verdicts('leaves-out-invalidation', ['soap-1.1', 'soap-1.2', ...documents]);
  const outcomes = Object.fromEntries(results.map(({ id, outcome }) => [id, outcome]));
  const unknown = Object.fromEntries(documents.map((id) => [id, 'not-offered']));
  expect(outcomes).toEqual({ 'soap-1.1': 'passed', 'soap-1.2': 'passed', ...unknown });
});

test('there is no check that nothing fails, and no two have the same name', () => {
  expect(new Set(ALL).size).toBe(ALL.length);
  expect([...new Set(ROWS.flatMap(([, ids]) => ids))].sort()).toEqual([...ALL].sort());
});
