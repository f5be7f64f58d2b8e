import { expect, test } from '@jest/globals';
import { after, Days, Minutes } from '@postern/core';
import { initialState } from '@postern/software-update';
import type { FaultPlan } from '../support/in-memory-network.ts';
import { InMemorySite } from '../support/in-memory-site.ts';
import { START } from '../support/software.ts';

const YEARS = Days(5 * 365);

/** A start notification ends any wait. */
const noNotices: FaultPlan = ({ kind }) => (kind === 'notice' ? { type: 'lose-request' } : undefined);

/** @spec X6 */
test('an updater whose clock was set back by years while it was away pauses no longer than it ever does', async () => {
  const initial = { ...initialState, tries: 1, notBefore: after(START, YEARS) };
  const site = new InMemorySite({ initial, faults: [noNotices] });
  expect(await site.run()).toEqual({ state: 'verified' });
  expect(site.clock.monotonic()).toBeLessThan(Minutes(30));
});

/** @spec X6 */
test('nor does it wait longer for a device that says nothing of its start', async () => {
  const rehearsal = new InMemorySite();
  await rehearsal.device.powerOn();
  rehearsal.updater.start();
  await rehearsal.until(() => rehearsal.updater.state.phase === 'restarting');

  const initial = { ...rehearsal.updater.state, returnBy: after(START, YEARS) };
  const site = new InMemorySite({ initial, faults: [noNotices], deadline: Minutes(60) });
  expect(await site.run()).toMatchObject({ state: 'failed' });
  expect(site.clock.monotonic()).toBeLessThan(Minutes(30));
});
