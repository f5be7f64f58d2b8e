import { silentLogger } from '@postern/core';
import { openNodeIdentity } from '@postern/pki';
import { startPatentDevice } from '../../../patent-device/index.ts';
import type { AttackerProgram } from '../program.ts';

export interface StolenDeviceKnowledge {
  readonly deviceId: string;
  readonly model: string;
  readonly identityDir: string;
  readonly intermediary: { readonly name: string; readonly secureUrl: string };
  readonly directory: string;
  /** What it says that it runs. */
  readonly image: Uint8Array;
}

/** Has a device's certificate and key, and plays the device: registers, takes passwords and images, tells what it likes. */
export const stolenDevice: AttackerProgram = async ({ channel, clock, knows }) => {
  const { deviceId, model, identityDir, intermediary, directory, image } = knows as StolenDeviceKnowledge;
  await startPatentDevice({
    id: deviceId,
    model,
    clock,
    logger: silentLogger,
    node: await openNodeIdentity({ directory: identityDir, clock }),
    intermediary,
    directory,
    software: { firmware: image },
    onAnnounced: (accepted) => channel.say('announced', { accepted }),
  });
};
