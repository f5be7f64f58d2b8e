import { test } from '@jest/globals';
import { withTopology } from '@postern/testbed';

const firmware = { version: '1.0.0', releaseCounter: 1, content: Buffer.from('old') };
const sites = [{ name: 'site-a', devices: [{ id: 'printer-1', firmware }] }];

// The runner's own limit is longer than the harness waits for a step, so that it is the harness that tells what came.
test(
  'an update survives a power cut',
  () =>
    withTopology({ sites }, async ({ operator, steps, faults }) => {
      await operator.devicesKnown(['printer-1']);
      const release = { version: '2.0.0', releaseCounter: 2, content: Buffer.from('new') };
      const { id } = await operator.order('printer-1', await operator.register(release));
      await steps.reached({ step: 'S106', subject: id });
      await faults.device('printer-1').powerCut();
      await faults.device('printer-1').powerOn();
      await steps.reached({ step: 'S124', subject: id });
    }),
  120_000,
);
