import type { uplink } from '@postern/contracts';

/** What a device that we play is told to be. */
export const VERSION = '1.0.0';

/** A device that we play, as its intermediary tells of it. */
export const playedDevice = (
  deviceId: string,
  { model = 'Conformance', ...more }: Partial<uplink.DeviceChange> & { readonly model?: string } = {},
): uplink.DeviceChange => ({
  information: {
    deviceId,
    model,
    components: { item: [{ component: 'firmware', version: VERSION }] },
    bulkPathKind: 'ftp',
  },
  ...more,
});
