import { beforeAll, expect, test } from '@jest/globals';
import { DEFAULT_SCHEME, type OneTimeScheme } from '@postern/software-update';
import type { Site } from '@postern/testbed';
import { allowedCells, choicesOf, DEVICE_KINDS } from './cells.ts';
import { expectedOutcome, stepsMissing } from './expected-outcome.ts';
import { reported } from './orderers.ts';
import { outcomeOf } from './run-cells.ts';
import { deviceFor, OPENING_TIME, openSchemeSite, releaseNumber } from './scheme-site.ts';

const inDefaultPlace = ({ tls, bulkPathKind }: OneTimeScheme): boolean =>
  tls === DEFAULT_SCHEME.tls && bulkPathKind === DEFAULT_SCHEME.bulkPathKind;
const ofDefaultChoices = (scheme: OneTimeScheme): boolean =>
  JSON.stringify(choicesOf(scheme)) === JSON.stringify(choicesOf(DEFAULT_SCHEME));

/**
 * The schedule orders as the operation port does, so a few are enough: every choice in the default place, and the
 * default choices in every place. Each has a device of its own, and one round of the schedule orders all of them.
 */
const CELLS = allowedCells(
  'schedule',
  DEVICE_KINDS.filter(({ plain }) => !plain),
)
  .filter(({ scheme }) => inDefaultPlace(scheme) || ofDefaultChoices(scheme))
  .map((cell, at) => ({ ...cell, deviceId: `device-${at + 1}` }));

let site: Site;
const updates = new Map<string, string>();

beforeAll(async () => {
  site = await openSchemeSite(CELLS.map(deviceFor));
  await site.shelve(releaseNumber(0));
  await site.operations.setSchedule([{ task: 'check-versions', expression: 'every 1' }]);
  await site.operator.until('every device is updated', async () => {
    const ordered = await site.operations.updates();
    for (const { deviceId, id } of ordered) updates.set(deviceId, id);
    return updates.size === CELLS.length;
  });
}, OPENING_TIME);

/** @spec I3 I5 U11 U12 U15 U18 A1 A2 A3 */
test.each(CELLS)('ordered by the schedule: $name', async ({ deviceId, scheme }) => {
  const id = await reported(site, updates.get(deviceId) ?? '');
  const outcome = await outcomeOf(site, { deviceId }, id);
  expect(outcome).toEqual(expectedOutcome(scheme, releaseNumber(0).version));
  expect(stepsMissing(scheme, outcome.steps)).toEqual([]);
});
