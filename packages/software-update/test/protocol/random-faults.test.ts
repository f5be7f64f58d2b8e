import { test } from '@jest/globals';
import { Minutes, Seconds } from '@postern/core';
import fc from 'fast-check';
import type { Exchange, Fault } from '../support/in-memory-network.ts';
import { InMemorySite } from '../support/in-memory-site.ts';
import { expectSound } from '../support/invariants.ts';
import { KillPlan } from '../support/life.ts';
import { ALLOWED_SCHEMES, LIST } from '../support/schemes.ts';

const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.constant<Fault>({ type: 'lose-request' }),
  fc.constant<Fault>({ type: 'lose-answer' }),
  fc.constant<Fault>({ type: 'corrupt' }),
  fc.constant<Fault>({ type: 'forge', content: 'firmware=2.0\nnetwork=3.1\n' }),
  fc.integer({ min: 1, max: 90 }).map((seconds): Fault => ({ type: 'delay', by: Seconds(seconds) })),
  fc.integer({ min: 0, max: 4_500 }).map((afterBytes): Fault => ({ type: 'cut', afterBytes })),
);

/** As often as the others together would be too often; as often as each of them too seldom. */
const LISTS = Array.from({ length: 12 }, () => LIST);

/** What goes wrong, and when: exchanges and boundaries are counted from 1. */
const schedule = fc.record({
  scheme: fc.constantFrom(...ALLOWED_SCHEMES.filter(({ orderedBy }) => orderedBy !== 'schedule'), ...LISTS),
  plainPath: fc.boolean(),
  seed: fc.nat(),
  faults: fc.dictionary(fc.integer({ min: 1, max: 30 }).map(String), fault, {
    maxKeys: 6,
    noNullPrototype: true,
  }),
  updaterKills: fc.uniqueArray(fc.integer({ min: 1, max: 70 }), { maxLength: 3 }),
  deviceKills: fc.uniqueArray(fc.integer({ min: 1, max: 70 }), { maxLength: 3 }),
  busyMinutes: fc.constantFrom(0, 0, 3, 12),
  cancelAfterSeconds: fc.option(fc.integer({ min: 0, max: 60 }), { freq: 5 }),
  deadlineMinutes: fc.constantFrom(60, 60, 60, 2),
  crashing: fc.constantFrom<readonly string[]>([], [], [], ['2.0']),
});

const planOf =
  (faults: Readonly<Record<string, Fault>>) =>
  ({ number }: Exchange): Fault | undefined =>
    faults[number];

/** @spec U8 U10 U11 U12 U15 U16 U17 U18 P1 X1 X2 X4 X5 X6 */
test('whatever goes wrong, the update ends decided, reported once, with whole software and a dead password', async () => {
  await fc.assert(
    fc.asyncProperty(schedule, async (plan) => {
      const site = new InMemorySite({
        scheme: plan.scheme,
        plainPath: plan.plainPath,
        seed: plan.seed,
        faults: [planOf(plan.faults)],
        updaterKills: new KillPlan(...plan.updaterKills),
        deviceKills: new KillPlan(...plan.deviceKills),
        deadline: Minutes(plan.deadlineMinutes),
        crashing: plan.crashing,
      });
      site.device.busyUntil = site.clock.now() + Minutes(plan.busyMinutes);
      if (plan.cancelAfterSeconds !== null) {
        site.clock.schedule(Seconds(plan.cancelAfterSeconds), () => site.updater.cancellation.abort());
      }
      await site.run();
      await expectSound(site);
    }),
    { numRuns: 600 },
  );
}, 60_000);
