import { expect, test } from '@jest/globals';
import type { uplink } from '@postern/contracts';
import { DeviceChanges, type DeviceList } from '../../../src/domain/uplink/device-changes.ts';
import { deviceInformation } from '../../support/software.ts';

/** So many devices, each registered once, and then `further` changes that are no device's. */
const listOf = (count: number, further = 0): DeviceList => {
  const devices = Array.from({ length: count }, (_, index) => ({
    revision: index + 1,
    change: { information: deviceInformation(`mfp-${index}`) },
  }));
  return {
    revision: () => count + further,
    changedSince: (since, limit) => devices.filter(({ revision }) => revision > since).slice(0, limit),
    intermediaries: () => undefined,
  };
};

/** Everything that is told to a node above that holds `known`, and takes it. */
const told = (list: DeviceList, known: number): uplink.DeviceChanges[] => {
  const changes = new DeviceChanges(list);
  changes.answered(known, undefined);
  const parts: uplink.DeviceChanges[] = [];
  for (let part = changes.compose(); part !== undefined; part = changes.compose()) {
    parts.push(part);
    changes.answered(part.revision, part);
  }
  return parts;
};

/** @spec T2 */
test.each([
  [1, 0, 0, ['1 whole to 1']],
  [199, 0, 0, ['199 whole to 199']],
  [200, 0, 0, ['200 whole to 200']],
  [200, 3, 0, ['200 whole to 203']],
  [201, 0, 0, ['200 whole to 200, more', '1 since 200 to 201']],
  [400, 0, 0, ['200 whole to 200, more', '200 since 200 to 400']],
  [450, 3, 0, ['200 whole to 200, more', '200 since 200 to 400, more', '50 since 400 to 453']],
  [450, 0, 449, ['1 since 449 to 450']],
  [450, 0, 900, ['200 whole to 200, more', '200 since 200 to 400, more', '50 since 400 to 450']],
])(
  '%s devices and %s other changes, told to a node that holds revision %s',
  (count, further, known, expected) => {
    const parts = told(listOf(count, further), known).map(
      ({ device, complete, since, revision, more }) =>
        `${device.length} ${complete ? 'whole' : `since ${since}`} to ${revision}${more === true ? ', more' : ''}`,
    );
    expect(parts).toEqual(expected);
  },
);
