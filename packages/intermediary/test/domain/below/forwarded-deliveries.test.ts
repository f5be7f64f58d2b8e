import { expect, test } from '@jest/globals';
import type { uplink } from '@postern/contracts';
import { Seconds } from '@postern/core';
import { temporaryDirectory } from '../../support/directory.ts';
import { startBelow } from '../../support/site-below.ts';
import { START } from '../../support/software.ts';

const forwardedCall = (changes: Partial<uplink.Deliver> = {}): uplink.Deliver => ({
  deliveryId: 'said-1',
  deviceId: 'meter-1',
  route: { node: ['child-1'] },
  at: START,
  body: { kind: 'UserCall', value: { callId: 'call-1', at: START, reason: '' } },
  ...changes,
});

const { signal } = new AbortController();

const start = async () => startBelow({ directory: await temporaryDirectory() });

/** @spec R3 */
test('what a child delivers goes up with the whole route, and its answer comes back', async () => {
  const { below, pass, above, steps } = await start();
  await pass(Seconds(1));
  const answer = below.forwarded.deliver('child-1', forwardedCall(), signal);
  await pass(Seconds(1));
  expect(await answer).toMatchObject({ inReplyTo: 'said-1', outcome: 'succeeded' });
  expect(above.delivered).toMatchObject([{ route: { node: ['child-1', 'site-a'] }, deviceId: 'meter-1' }]);
  expect(steps).toEqual(['S704 call-1']);
});

/** @spec R4 */
test('a call that takes too long is put off, and the answer waits for the polls of the child until it has it', async () => {
  const { below, pass, above, panel, steps } = await start();
  const woken: string[] = [];
  below.deferred.onWaiting((child) => woken.push(child));
  above.down = true;
  const answer = below.forwarded.deliver('child-1', forwardedCall(), signal);
  await pass(Seconds(23));
  expect(await answer).toMatchObject({ inReplyTo: 'said-1', outcome: 'pending' });
  above.down = false;
  await pass(Seconds(120));
  expect(woken).toEqual(['child-1']);
  expect(below.deferred.forChild('child-2')).toEqual([]);
  const waiting = [
    {
      deliveryId: 'said-1',
      deviceId: 'meter-1',
      answer: { inReplyTo: 'said-1', outcome: 'succeeded', text: 'succeeded from above' },
    },
  ];
  below.deferred.receivedBy('child-2', ['said-1']);
  expect(below.deferred.forChild('child-1')).toEqual(waiting);
  below.deferred.receivedBy('child-1', ['said-1', 'unknown']);
  expect(below.deferred.forChild('child-1')).toEqual([]);
  expect(panel.shown).toEqual([]);
  expect(steps).toEqual(['S704 call-1']);
});

test('what needs no answer is acknowledged once it is stored, and a repeated one is the same delivery', async () => {
  const { below, pass, above } = await start();
  above.down = true;
  const value = { noticeId: 'n-1', at: START, supply: 'toner', remainingPercent: 3 };
  const supply = forwardedCall({ deliveryId: 'said-2', body: { kind: 'NotifySupply', value } });
  for (let times = 0; times < 2; times++) {
    expect(await below.forwarded.deliver('child-1', supply, signal)).toMatchObject({ outcome: 'succeeded' });
  }
  above.down = false;
  await pass(Seconds(120));
  expect(above.delivered).toHaveLength(1);
});

test.each([
  ['that does not come from whoever brings it', ['child-2'], 'not-authorised'],
  ['that has been here', ['child-1', 'site-a', 'child-1'], 'route-loop'],
  ['that names a node twice', ['child-2', 'child-2', 'child-1'], 'route-loop'],
  [
    'that is too long',
    [...Array.from({ length: 15 }, (_, index) => `c-${index}`), 'child-1'],
    'route-too-long',
  ],
])('a route %s is refused, and nothing is stored', async (_, node, code) => {
  const { below, stores } = await start();
  const refused = below.forwarded.deliver('child-1', forwardedCall({ route: { node } }), signal);
  await expect(refused).rejects.toMatchObject({ code });
  expect(stores.deliveries.count()).toBe(0);
});
