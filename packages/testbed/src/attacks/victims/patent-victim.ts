import { join } from 'node:path';
import { silentLogger, systemClock } from '@postern/core';
import { openNodeIdentity } from '@postern/pki';
import { type PatentDevice, startPatentDevice } from '../../patent-device/index.ts';
import { startSite } from '../../site/site.ts';
import { deviceIdentity } from '../../site/site-config.ts';
import { prepareIdentities } from '../../site/site-files.ts';
import { FACTORY, labelOf } from '../images.ts';
import { DEVICE_ROOM } from './conventional-victim.ts';
import { hurried, orderRelease, startsBelieved } from './order.ts';
import { DEVICE, MODEL, NEIGHBOUR, type OpenVictim } from './victim.ts';

/** Scheme (b): our server and intermediary, a device of another vendor. */
export const openPatentVictim: OpenVictim = async (scene, options) => {
  const { clock, directory, atEnd } = scene;
  const { factory = FACTORY, scanner, losesImages = false, through, uplinkThrough } = options;
  const { revocations = false } = options;
  const site = await startSite({
    directory: join(directory, 'site'),
    devices: [],
    intermediary: hurried(options),
    revocations,
    ...(uplinkThrough === undefined ? {} : { uplinkThrough }),
  });
  atEnd(() => site.close());
  const names = options.neighbour ? [DEVICE, NEIGHBOUR] : [DEVICE];
  await prepareIdentities(site.files, names.map(deviceIdentity));
  const open = async (id: string): Promise<PatentDevice> => {
    const identityDir = site.files.identityDir(deviceIdentity(id));
    const device = await startPatentDevice({
      id,
      model: MODEL,
      clock,
      logger: silentLogger,
      node: await openNodeIdentity({ directory: identityDir, clock: systemClock }),
      intermediary: {
        name: site.name,
        secureUrl: `https://127.0.0.1:${site.intermediary.ready.securePort}/intermediary`,
      },
      directory: join(directory, id),
      software: {
        firmware: factory.content,
        ...(scanner === undefined ? {} : { scanner: scanner.content }),
      },
      storageBytes: DEVICE_ROOM,
      losesImages,
      ...(through === undefined || id !== DEVICE ? {} : { advertised: through }),
    });
    atEnd(() => device.close());
    return device;
  };
  const device = await open(DEVICE);
  const neighbour = options.neighbour ? await open(NEIGHBOUR) : undefined;
  await site.operator.devicesKnown(names);
  return {
    userName: site.name,
    bulk: device.ftp,
    secure: device.soap,
    neighbour: neighbour?.ftp,
    site,
    update: () => orderRelease(site, options),
    runs: async (component = 'firmware') => labelOf(await device.image(component)),
    neighbourRuns: async () => labelOf((await neighbour?.image('firmware')) ?? Buffer.alloc(0)),
    mostTaken: async () => device.mostTaken,
    startsBelieved: () => startsBelieved(site),
    occupy: () => {
      device.beginJob();
      return () => device.endJob();
    },
  };
};
