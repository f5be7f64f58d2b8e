import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { Hours } from '@postern/core';
import type { Site } from '@postern/testbed';
import { tryBulkLogin } from '../support/bulk-caller.ts';
import { VERIFIED } from '../support/printer-site.ts';
import { rememberingEntropy } from '../wire/secrets.ts';
import { BULK_KINDS, INVALIDATIONS, PARTIES } from './cells.ts';
import { OPENING_TIME, openSchemeSite, releaseNumber } from './scheme-site.ts';

/** Every way to end a password on every bulk path; who makes and ends it takes turns, so that both meet all of either. */
const CASES = BULK_KINDS.flatMap((kind, row) =>
  INVALIDATIONS.map((invalidation, column) => ({
    kind,
    invalidation,
    party: PARTIES[(row + column) % PARTIES.length] ?? 'updater',
    number: row * INVALIDATIONS.length + column,
  })),
);

const entropy = rememberingEntropy();
let site: Site;

beforeAll(async () => {
  const devices = BULK_KINDS.map((kind) => ({ id: kind, bulkPathKind: kind }));
  site = await openSchemeSite(devices, { entropy, taps: true });
}, OPENING_TIME);

/** @spec U8 U11 U12 U13 U14 U15 U18 B1 B2 B3 */
test.each(CASES)(
  'a password made and ended by the $party ($invalidation) opens $kind during its update, and nothing afterwards',
  async ({ kind, invalidation, party, number }) => {
    const { operator } = site;
    const { secure } = site.taps(kind);
    const software = await operator.register(releaseNumber(number));
    const before = entropy.secrets().length;
    // The restart waits until nobody can end the password.
    const job = site.device(kind).startJob({ kind: 'print', duration: Hours(1) });
    const policy = { passwordGenerator: party, eraser: party, invalidation };
    const { id } = await operator.order(kind, software, undefined, policy);
    await operator.step(id, party === 'updater' ? 'S106' : 'S406');
    secure.holdNewConnections();
    job.end();
    await operator.step(id, 'S119');

    const answers: string[] = [];
    for (const secret of drawnSince(before)) {
      answers.push(await tryBulkLogin(site, { id: kind, kind }, secret));
    }
    expect(answers).toContain('opened');

    secure.restore();
    const { state, failure, credential } = await operator.finished(id);
    expect({ state, failure, credential }).toEqual(VERIFIED);
    for (const secret of [...drawnSince(before), await fixedErasurePassword(kind)]) {
      expect(await tryBulkLogin(site, { id: kind, kind }, secret)).toBe('bulk-login-refused');
    }
  },
);

/** Every password that somebody has made since, among other secrets. */
const drawnSince = (before: number): readonly string[] =>
  entropy
    .secrets()
    .slice(before)
    .map(({ bytes }) => Buffer.from(bytes).toString('base64url'));

/** What this site overwrites the device's passwords with when it is always to be the same. */
const fixedErasurePassword = async (deviceId: string): Promise<string> => {
  const secret = await readFile(join(site.files.intermediaryDataDir, 'erasure.key'), 'utf8');
  return createHmac('sha256', Buffer.from(secret.trim(), 'hex'))
    .update(`postern-erasure-1\0${deviceId}`)
    .digest('base64url');
};
