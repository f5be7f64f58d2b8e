import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withTopology } from '@postern/testbed';

const FACTORY = { version: '1.0.0', releaseCounter: 1, content: Buffer.from('factory firmware') };
const RELEASE = { version: '2.0.0', releaseCounter: 2, content: Buffer.alloc(200_000, 'firmware 2') };

const sites = [{ name: 'site-a', devices: [{ id: 'printer-1', firmware: FACTORY }] }];

// What the test says does not depend on how the topology runs; EXAMPLE_RUN=processes starts each tier as a process.
const runs = process.env.EXAMPLE_RUN?.split(',') ?? ['in-process', 'virtual'];

for (const run of runs) {
  test(`an update is verified (${run})`, () =>
    withTopology({ run, sites }, async ({ operator, steps }) => {
      await operator.devicesKnown(['printer-1']);
      const { id } = await operator.order('printer-1', await operator.register(RELEASE));

      await steps.reached({ step: 'S106', subject: id });
      await steps.reached({ step: 'S112', device: 'printer-1' });
      assert.equal((await operator.finished(id)).state, 'verified');
      await steps.reached({ step: 'S124', subject: id });

      console.log(steps.print());
    }));
}
