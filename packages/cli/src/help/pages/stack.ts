import type { Manuals } from '../manual.ts';

/** What the containers of docker-compose.yml run once. */
export const stackPages: Manuals = {
  'stack prepare': {
    examples: [['postern stack prepare --nodes /nodes', 'as the container `setup` does']],
    exitCodes: [
      ['0', 'all there'],
      ['1', 'something could not be made; the same command goes on from there'],
      ['2', 'used wrongly'],
    ],
    files: [['NODES/NAME/', 'of each node: identity/, config.json, vendor.pub, state/']],
    seeAlso: ['docs/compose.md'],
  },
  'stack update': {
    examples: [
      ['postern stack update --key vendor.key', 'updates printer-1, as the container `operator` does'],
      ['postern stack update --key vendor.key --device meter-1', 'the device below the second intermediary'],
    ],
    exitCodes: [
      ['0', 'the update was verified'],
      ['1', 'it was not, or the device did not become known'],
      ['2', 'used wrongly'],
    ],
    seeAlso: ['update order', 'docs/compose.md'],
  },
};
