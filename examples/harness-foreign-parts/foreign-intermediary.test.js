import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withTopology } from '@postern/testbed';
import { startListening } from './start-program.js';

const FIRMWARE = { version: '1.0.0', releaseCounter: 1, content: Buffer.from('factory firmware') };

const runs = process.env.EXAMPLE_RUN?.split(',') ?? ['in-process'];

for (const run of runs) {
  const sites = [
    {
      name: 'site-a',
      devices: [{ id: 'printer-1', firmware: FIRMWARE }],
      // Here yours is started: it is given its files, where to listen and whom to call, and says where it listens.
      foreignIntermediary: (part) => startListening('intermediary.js', part),
    },
  ];

  test(`an intermediary of another vendor between our server and our device (${run})`, () =>
    withTopology({ run, sites }, async ({ operator, faults }) => {
      const { client } = operator;
      await operator.devicesKnown(['printer-1']);

      // The line breaks while a request is on its way: it comes through all the same.
      faults.line('site-a').cut();
      const { id } = await client.orderRequests({ kind: 'GetCounters', targets: ['printer-1'] });
      faults.line('site-a').heal();
      await operator.until('the counters are here', async () => (await client.order(id)).ended);
      const [{ state, response }] = await client.listRequests({ order: id });
      assert.equal(state, 'answered', JSON.stringify(response));
    }));
}
