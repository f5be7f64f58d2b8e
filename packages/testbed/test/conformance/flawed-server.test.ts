import { beforeAll, expect, test } from '@jest/globals';
import { createClosers } from '@postern/core';
import { openServerTarget, serverChecks } from '@postern/testbed/conformance';
import { badDocuments } from '../../src/conformance/soap/bad-documents.ts';
import { afterwards, keepForFile } from '../support/afterwards.ts';
import type { Flaw } from './flawed-server/flaw.ts';
import { startFlawedServer } from './flawed-server/flawed-server.ts';
import { flawsOfOrders } from './flawed-server/flaws-of-orders.ts';
import { flawsOfRecords } from './flawed-server/flaws-of-records.ts';
import { flawsOfTalk } from './flawed-server/flaws-of-talk.ts';
import { flawsOfUplink } from './flawed-server/flaws-of-uplink.ts';
import { serverWorld } from './server-world.ts';
import { resultsOf, shortcomings } from './verdicts.ts';

keepForFile();
let world: Awaited<ReturnType<typeof serverWorld>>;
beforeAll(async () => {
  world = await serverWorld();
});

const FLAWS = { ...flawsOfTalk, ...flawsOfUplink, ...flawsOfOrders, ...flawsOfRecords };
const DOCUMENTS = badDocuments('<A xmlns="urn:a"><b>1</b><c>2</c></A>').map(({ id }) => id);
const both = (...ids: readonly string[]) => ids.flatMap((id) => [id, `operator-${id}`]);
const delivers = (...kinds: readonly string[]) => kinds.map((kind) => `deliver-${kind}`);

/** Each flaw with the checks that it must fail; for a row, only they are carried out. */
const ROWS: readonly (readonly [flaw: keyof typeof FLAWS, ids: readonly string[]])[] = [
  ['answers-anything', both(...DOCUMENTS, 'body-huge')],
  ['refuses-without-reason', [...both('element-missing'), 'deliver-unknown']],
  ['answers-with-more', ['soap-1.1', 'poll-answered', 'fleet-lists']],
  ['speaks-other-version', both('soap-1.1', 'soap-1.2')],
  ['asks-no-certificate', ['tls-no-certificate', 'tls-foreign-ca', 'update-image']],
  [
    'asks-no-credential',
    ['operator-tls-no-certificate', 'operator-tls-foreign-ca', 'operator-wrong-token', 'operator-other-role'],
  ],
  ['takes-any-role', ['role-other']],
  ['shows-another-contract', both('wsdl')],
  ['speaks-plain', both('tls-plain')],
  ['answers-late', ['poll-answered']],
  ['names-no-pause', ['poll-pause']],
  ['holds-no-poll', ['poll-held', 'order-wakes-poll']],
  ['holds-too-long', ['poll-hold-ends']],
  ['keeps-older-polls', ['poll-newer-ends']],
  ['refuses-unknown-receipts', ['received-unknown']],
  ['takes-half-of-refused-polls', ['poll-refused-whole']],
  ['refuses-delay-notices', ['delay-unknown']],
  ['forgets-revisions', ['devices-told', 'devices-parts', 'devices-changes', 'devices-gap']],
  ['loses-changes', ['devices-parts', 'devices-changes']],
  ['takes-any-changes', ['devices-gap']],
  ['refuses-no-device', ['device-loop', 'device-foreign']],
  ['refuses-whole-lists', ['device-loop', 'device-foreign']],
  [
    'replies-to-nobody',
    delivers(
      'user-call',
      'notify-supply',
      'notify-abnormality',
      'notify-start',
      'register',
      'get-counters-response',
      'collect-logs-response',
      'update-software-response',
      'of-site',
      'missed',
      'from-below',
    ),
  ],
  ['answers-otherwise-again', ['deliver-repeated']],
  ['takes-reused-deliveries', ['deliver-reused']],
  ['lets-anybody-speak', delivers('unknown', 'other-route', 'loop', 'foreign')],
  ['has-every-image', ['image-unknown']],
  [
    'sends-nothing-down',
    ['order-goes-down', 'order-content', 'order-wakes-poll', 'order-comes-again', 'update-goes-down'],
  ],
  ['garbles-requests', ['order-content']],
  ['sends-to-others', ['order-goes-down', 'order-of-site']],
  ['waits-for-no-order', ['order-waited-for']],
  ['selects-by-site-only', ['order-selected']],
  ['sends-once', ['order-comes-again']],
  ['sends-for-ever', ['order-comes-again', 'order-capacity']],
  ['loses-delay-notices', ['order-delayed', 'update-delayed']],
  [
    'loses-answers',
    [
      'order-delayed',
      'order-answered',
      'order-first-answer',
      'order-refused',
      'order-other-kind',
      'update-ended',
    ],
  ],
  ['acknowledges-nothing', ['response-unknown', 'order-answered', 'order-first-answer']],
  ['lets-later-answers-win', ['order-answered', 'order-first-answer']],
  ['takes-failures-for-answers', ['order-refused', 'order-other-kind']],
  ['takes-answers-of-anybody', ['order-foreign-answer']],
  ['forgets-deadlines', ['order-goes-down', 'order-expires', 'update-goes-down']],
  ['withdraws-nothing', ['order-withdrawn']],
  ['orders-twice', ['order-once']],
  ['ignores-capacity', ['order-capacity']],
  ['loses-routes', ['order-route', 'fleet-device']],
  ['makes-up-orders', ['order-unknown-target', 'fleet-unknown']],
  ['shows-devices-for-ever', ['fleet-device']],
  ['repeats-pages', ['fleet-pages']],
  ['lists-nobody', ['fleet-intermediaries', 'fleet-below']],
  ['notes-twice', ['notice-once', 'call-answered']],
  ['waits-for-no-notice', ['notice-followed']],
  ['keeps-answers-to-itself', ['call-answered']],
  ['loses-counters', ['counters-kept']],
  ['sends-another-manifest', ['update-goes-down']],
  ['serves-no-ranges', ['update-image']],
  ['calls-failures-verified', ['update-ended']],
  ['cancels-nothing', ['update-cancelled', 'update-cancel']],
];

const verdicts = async (flaw: Flaw | undefined, ids: readonly string[]) => {
  const closers = createClosers();
  afterwards(() => closers.close());
  const target = await openServerTarget(await startFlawedServer(world, closers, flaw));
  return resultsOf(
    serverChecks.filter(({ id }) => ids.includes(id)),
    target,
  );
};

const ALL = serverChecks.map(({ id }) => id);

test('without a flaw all checks pass', async () => {
  expect(shortcomings(await verdicts(undefined, ALL))).toEqual([]);
}, 60_000);

test.each(ROWS)(
  'a server that %s is told so',
  async (flaw, ids) => {
    const results = await verdicts(FLAWS[flaw], ids);
    expect(results.filter(({ outcome }) => outcome !== 'failed').map(({ id }) => id)).toEqual([]);
    expect(results).toHaveLength(ids.length);
    expect(results.filter(({ reason, next }) => !reason || !next)).toEqual([]);
  },
  60_000,
);

test('there is no check that nothing fails, no flaw that is not tried, and no two have the same name', () => {
  expect(new Set(ALL).size).toBe(ALL.length);
  expect([...new Set(ROWS.flatMap(([, ids]) => ids))].sort()).toEqual([...ALL].sort());
  expect(ROWS.map(([flaw]) => flaw).sort()).toEqual(Object.keys(FLAWS).sort());
});
