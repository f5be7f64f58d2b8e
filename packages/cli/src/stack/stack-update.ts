import { type Duration, Seconds, sleep, systemClock, withDeadline } from '@postern/core';
import type { DeviceView, OperatorClient, UpdateView } from '@postern/management-server/client';
import { defaultImage, firstUpdate } from '../demo/first-update.ts';
import type { UpdatePrinter } from '../output/update-printer.ts';
import { patiently } from '../patiently.ts';
import { measureImage } from '../software-files.ts';

/** How long a device that has just been switched on may take until the server knows it. */
const PATIENCE: Duration = Seconds(120);
const PAUSE: Duration = Seconds(0.5);

export interface StackUpdate {
  readonly client: OperatorClient;
  readonly deviceId: string;
  /** Any file; a native library of this installation unless given. */
  readonly image?: string | undefined;
  readonly vendorPrivateKeyFile: string;
  readonly printer: UpdatePrinter;
  readonly stop: AbortSignal;
}

/**
 * Waits until the server knows the device, and updates it.
 *
 * @throws PosternError `deadline-exceeded` where it does not become known, `cancelled`
 */
export const stackUpdate = async ({
  image = defaultImage(),
  ...wanted
}: StackUpdate): Promise<UpdateView> => {
  const { client, deviceId, stop } = wanted;
  await measureImage(image);
  const { model } = await withDeadline(
    systemClock,
    PATIENCE,
    `Waiting until the server knows ${deviceId}`,
    stop,
    (signal) => becomesKnown(client, deviceId, signal),
  );
  return firstUpdate({ ...wanted, model, image });
};

const becomesKnown = async (client: OperatorClient, id: string, signal: AbortSignal): Promise<DeviceView> => {
  for (;;) {
    const devices = await patiently(signal, () => client.listDevices());
    const found = devices.find((device) => device.id === id);
    if (found !== undefined) return found;
    await sleep(systemClock, PAUSE, signal);
  }
};
