import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTopology } from '@postern/testbed';
import { startListening } from './start-program.js';

const FIRMWARE = { version: '1.0.0', releaseCounter: 1, content: Buffer.from('factory firmware') };
const sites = [{ name: 'site-a', devices: [{ id: 'printer-1', firmware: FIRMWARE }] }];

const runs = process.env.EXAMPLE_RUN?.split(',') ?? ['in-process'];

for (const run of runs) {
  test(`a management server of another vendor above our intermediary and our device (${run})`, async () => {
    let answer;
    const answered = new Promise((resolve) => {
      answer = resolve;
    });
    const topology = await startTopology({
      ...{ run, sites },
      // Here yours is started: it is given its files and where to listen, and says where it serves the uplink.
      foreignServer: (part) =>
        startListening('server.js', part, (line) => line.requestId !== undefined && answer(line)),
    });
    try {
      await topology.steps.reached({ step: 'S608', node: 'site-a', subject: 'counters-of-printer-1' });
      assert.equal((await answered).kind, 'GetCountersResponse');
      console.log(topology.steps.print());
    } finally {
      await topology.close();
    }
  });
}
