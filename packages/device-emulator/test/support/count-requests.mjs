// Carries out requests on the NV-RAM of a device, of the built package: `node count-requests.mjs DIRECTORY`. Prints the
// identifier of each when it is durable. Killed by a test.
import { openFlash } from '../../dist/adapters/flash/flash.js';
import { createCarryOut } from '../../dist/firmware/operations/changing-requests.js';

const { nvRam } = await openFlash(process.argv[2] ?? '', () => Number.POSITIVE_INFINITY);
const carryOut = createCarryOut(nvRam);
const counted = (content) => ({ ...content, counters: { count: (content.counters.count ?? 0) + 1 } });

for (let number = nvRam.content.counters.count ?? 0; number < 60; number += 1) {
  const requestId = `r-${number}`;
  await carryOut('Count', { requestId }, () => ({ answer: {}, change: counted }));
  process.stdout.write(`${requestId}\n`);
}
