import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withTopology } from '@postern/testbed';

const FACTORY = { version: '1.0.0', releaseCounter: 1, content: Buffer.from('factory firmware') };
const IMAGE = Buffer.alloc(2_000_000, 'firmware 2');
const RELEASE = { version: '2.0.0', releaseCounter: 2, content: IMAGE };

const sites = [
  {
    name: 'site-a',
    devices: [{ id: 'printer-1', firmware: FACTORY }],
    // Tests are in a hurry: failed tries are followed by short pauses.
    intermediary: { policy: { retryPause: 0.1, longestPause: 0.5 } },
  },
];

test('the power fails in mid-transfer, then the line is cut, and the update is verified all the same', () =>
  withTopology({ sites }, async ({ operator, steps, faults }) => {
    await operator.devicesKnown(['printer-1']);
    // The power fails once, when half of the image has come; `powerCut()` would pull the plug at any other moment.
    await faults.device('printer-1').set({ crashDuringTransfer: IMAGE.length / 2 });
    const { id } = await operator.order('printer-1', await operator.register(RELEASE));
    await steps.reached({ step: 'S112', outcome: 'failed', subject: id });
    faults.line('site-a').cut();

    await steps.reached({ step: 'S119', subject: id });
    faults.line('site-a').heal();
    assert.equal((await operator.finished(id)).state, 'verified');
  }));
