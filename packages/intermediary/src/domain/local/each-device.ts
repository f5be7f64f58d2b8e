import type { PlacementStore } from '../cascade/ports.ts';
import type { DeviceStore, RegisteredDevice } from '../devices.ts';

const PAGE = 500;

/** All devices of the site, page by page; those that change meanwhile may come twice. */
export function* eachDevice(devices: DeviceStore): Generator<RegisteredDevice> {
  for (let revision = 0; ; ) {
    const page = devices.changedSince(revision, PAGE);
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    revision = last.revision;
  }
}

/** Those of them that can be asked something: adopted, with a secure path, and not moved elsewhere. */
export function* activeDevices(
  devices: DeviceStore,
  placements: Pick<PlacementStore, 'isAway'>,
): Generator<RegisteredDevice> {
  for (const device of eachDevice(devices)) {
    const { deviceId, securePath } = device.information;
    if (securePath !== undefined && !device.released && !placements.isAway(deviceId)) yield device;
  }
}
