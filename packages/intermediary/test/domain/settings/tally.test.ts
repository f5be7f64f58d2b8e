import { expect, test } from '@jest/globals';
import type { uplink } from '@postern/contracts';
import { Instant, PosternError } from '@postern/core';
import { Tally } from '../../../src/domain/settings/tally.ts';

const { signal } = new AbortController();
const poll = (...bodies: uplink.ResponseBody[]): uplink.Poll => ({
  sessionId: 's',
  holdSeconds: 0,
  capacity: 1,
  responses: { response: bodies.map((body, at) => ({ requestId: `r-${at}`, at: Instant(0), body })) },
});
const alive: uplink.ResponseBody = {
  kind: 'ConfirmAliveResponse',
  value: { startedAt: Instant(0), state: 'ready' },
};
const refused: uplink.ResponseBody = { kind: 'Failure', value: { code: 'device-busy', message: 'no' } };
const updated = (state: 'verified' | 'failed') =>
  ({ kind: 'UpdateSoftwareResponse', value: { state } }) as unknown as uplink.ResponseBody &
    uplink.DeliverBody;

/** @spec I2 */
test('what went up is counted once the node above has it', async () => {
  const tally = new Tally();
  let acknowledged: readonly string[] = [];
  let fails = false;
  const above = tally.counting({
    poll: async () => {
      if (fails) throw new PosternError('unreachable', 'Silence');
      return { nextPollSeconds: 0, acknowledged: { id: acknowledged } };
    },
    deliver: async ({ deliveryId }) => {
      if (fails) throw new PosternError('unreachable', 'Silence');
      return { inReplyTo: deliveryId, outcome: 'succeeded', text: '' };
    },
  });
  const deliver = (state: 'verified' | 'failed') =>
    above.deliver({ deliveryId: 'd', deviceId: 'm', route: { node: [] }, body: updated(state) }, signal);

  await above.poll(poll(alive, refused, updated('failed')), signal);
  expect(tally.counts()).toMatchObject({ polls: 1, 'requests-answered': 0, 'requests-refused': 0 });
  acknowledged = ['r-0', 'r-1', 'r-2'];
  await above.poll(poll(alive, refused, updated('failed')), signal);
  await deliver('verified');
  fails = true;
  await expect(above.poll(poll(alive), signal)).rejects.toMatchObject({ code: 'unreachable' });
  await expect(deliver('verified')).rejects.toMatchObject({ code: 'unreachable' });
  expect(tally.counts()).toEqual({
    polls: 2,
    'requests-answered': 2,
    'requests-refused': 1,
    'updates-verified': 1,
    'updates-failed': 1,
  });
});
