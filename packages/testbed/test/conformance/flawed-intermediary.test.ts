import { readFile } from 'node:fs/promises';
import { beforeAll, expect, test } from '@jest/globals';
import { createClosers, Milliseconds } from '@postern/core';
import { intermediaryChecks } from '@postern/testbed/conformance';
import { badDocuments } from '../../src/conformance/soap/bad-documents.ts';
import { keepForFile } from '../support/afterwards.ts';
import { type IntermediaryFlaw, startFlawedIntermediary } from './flawed-intermediary.ts';
import { type IntermediaryWorld, intermediaryWorld, openWay, targetAt } from './intermediary-world.ts';
import { resultsOf, shortcomings } from './verdicts.ts';

keepForFile();
let world: IntermediaryWorld;

beforeAll(async () => {
  world = await intermediaryWorld();
});

const DOCUMENTS = badDocuments('<A xmlns="urn:a"><b>1</b><c>2</c></A>');
const READING = [
  'get-device-information',
  'get-parameters',
  'collect-logs',
  'confirm-alive',
  'get-applications',
  'list-files',
];

/** Each flaw with the checks that it must fail; for a row, only they are carried out. */
const ROWS: readonly (readonly [flaw: IntermediaryFlaw, ids: readonly string[]])[] = [
  ['answers-anything', [...DOCUMENTS.map(({ id }) => id), 'body-huge']],
  ['refuses-without-reason', ['element-missing', 'notice-reused']],
  ['answers-with-more', ['poll', 'soap-1.1', 'notices']],
  ['speaks-other-version', ['soap-1.1', 'soap-1.2']],
  ['asks-no-certificate', ['tls-no-certificate', 'tls-foreign-ca']],
  ['speaks-plain', ['tls-plain']],
  ['has-another-name', ['poll']],
  ['trusts-any-ca', ['uplink-foreign-ca', 'uplink-other-role']],
  ['trusts-any-role', ['uplink-other-role']],
  ['polls-at-once', ['poll-pause']],
  ['gives-up-holding', ['poll-hold']],
  ['tells-no-changes', ['device-told', 'devices-told-again']],
  ['tells-changes-only', ['devices-told-again']],
  ['answers-by-itself', ['request-answered', ...READING]],
  ['receives-silently', ['request-received', 'request-once']],
  ['does-twice', ['request-once']],
  ['passes-no-identifiers', ['request-identified']],
  ['forgets-responses', ['response-repeated']],
  ['sends-no-delay-notices', ['request-delayed', 'update-delay-notice']],
  ['hides-refusals', ['request-refused']],
  ['waits-for-ever', ['request-expired']],
  ['answers-for-anybody', ['request-device-unknown']],
  ['ignores-routes', ['request-route-loop']],
  ['tells-another-route', ['user-call']],
  ['answers-calls-itself', ['user-call', 'user-call-pending', 'user-call-silent']],
  ['shows-nothing', ['user-call-pending', 'user-call-silent']],
  ['waits-for-the-server', ['user-call-silent']],
  ['marks-no-missed-calls', ['user-call-silent']],
  ['receives-no-answers', ['user-call-pending']],
  ['alters-notices', ['notices', 'user-call']],
  ['delivers-backwards', ['notices']],
  ['delivers-repetitions', ['notice-once']],
  ['takes-reused-names', ['notice-reused']],
  ['gives-up-deliveries', ['delivery-repeated', 'user-call-silent']],
  ['forwards-before-it-reads', ['refused-not-forwarded']],
  ['takes-any-name', ['impersonation']],
  ['updates-nothing', ['update-verified']],
  ['fetches-twice', ['update-image-once']],
  ['logs-in-wrongly', ['update-password']],
  ['sends-at-once', ['update-version-before', 'update-not-required']],
  ['believes-at-once', ['update-version-after', 'update-version-unchanged']],
  ['keeps-passwords', ['update-password-ended']],
  ['tells-no-steps', ['update-journal']],
  ['writes-manifests-anew', ['update-manifest-passed']],
  ['has-one-nonce', ['update-report-fresh']],
  ['has-one-password', ['update-password-fresh']],
  ['shares-again', ['update-retransfer']],
  ['believes-any-report', ['update-report-forged']],
  ['installs-anything', ['update-signature', 'update-image-tampered']],
  ['claims-full', ['update-patent-device']],
];

const verdicts = async (flaw: IntermediaryFlaw | undefined, ids: readonly string[]) => {
  const closers = createClosers();
  const way = await openWay();
  const vendorKeyPem = await readFile(world.path('vendor.pub'), 'utf8');
  const { port } = await startFlawedIntermediary({
    node: world.intermediary,
    uplinkUrl: way.uplinkUrl,
    vendorKeyPem,
    closers,
    flaw,
  });
  // What does not come is not waited for long: the model does everything at once.
  const soon = Milliseconds(flaw === undefined ? 5_000 : 1_500);
  const target = await targetAt(world, `https://127.0.0.1:${port}/intermediary`, { soon });
  way.leadsTo(target);
  try {
    return await resultsOf(
      intermediaryChecks.filter(({ id }) => ids.includes(id)),
      target,
    );
  } finally {
    await closers.close();
    await target.close();
  }
};

const ALL = intermediaryChecks.map(({ id }) => id);

test('without a flaw all checks pass', async () => {
  expect(shortcomings(await verdicts(undefined, ALL))).toEqual([]);
}, 60_000);

test.each(ROWS)(
  'an intermediary that %s is told so',
  async (flaw, ids) => {
    const results = await verdicts(flaw, ids);
    expect(results.filter(({ outcome }) => outcome !== 'failed')).toEqual([]);
    expect(results).toHaveLength(ids.length);
    expect(results.filter(({ reason, next }) => !reason || !next)).toEqual([]);
  },
  60_000,
);

test('there is no check that nothing fails, and no two have the same name', () => {
  expect(new Set(ALL).size).toBe(ALL.length);
  expect([...new Set(ROWS.flatMap(([, ids]) => ids))].sort()).toEqual([...ALL].sort());
});
