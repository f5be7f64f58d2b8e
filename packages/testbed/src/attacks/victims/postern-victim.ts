import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Hours } from '@postern/core';
import { deviceDirectory, manufactureDevice, profileNamed } from '@postern/device-emulator';
import { startSite } from '../../site/site.ts';
import { lanFiles, siteFiles } from '../../site/site-files.ts';
import { FACTORY, labelOf } from '../images.ts';
import { hurried, orderRelease, startsBelieved } from './order.ts';
import { DEVICE, NEIGHBOUR, type OpenVictim, type VictimOptions } from './victim.ts';

const SITE = 'site-a';

/** Scheme (c). */
export const openPosternVictim: OpenVictim = async (scene, options) => {
  const { factory = FACTORY, losesImages, through, uplinkThrough, revocations = false } = options;
  const directory = join(scene.directory, 'site');
  const names = options.neighbour ? [DEVICE, NEIGHBOUR] : [DEVICE];
  const files = lanFiles(siteFiles(directory), SITE);
  await manufacture(deviceDirectory(files.deviceDataDir, DEVICE), options);
  const site = await startSite({
    directory,
    name: SITE,
    devices: names.map((id) => ({
      id,
      firmware: factory,
      ...(losesImages ? { faults: { ignoreUpdates: 99 } } : {}),
      ...(id === DEVICE && through?.ftp !== undefined ? { ftp: advertised(through.ftp) } : {}),
      ...(id === DEVICE && through?.soap !== undefined ? { soap: advertised(through.soap) } : {}),
    })),
    intermediary: hurried(options),
    revocations,
    ...(uplinkThrough === undefined ? {} : { uplinkThrough }),
  });
  scene.atEnd(() => site.close());
  await site.operator.devicesKnown(names);
  const portsOf = (id: string) => site.device(id).ports;
  const at = (port: number | undefined) => ({ host: '127.0.0.1', port: port ?? 0 });
  const runs = (id: string, component: string) =>
    activeImage(deviceDirectory(files.deviceDataDir, id), component);
  return {
    userName: site.name,
    bulk: at(portsOf(DEVICE).ftp),
    secure: at(portsOf(DEVICE).soap),
    neighbour: options.neighbour ? at(portsOf(NEIGHBOUR).ftp) : undefined,
    site,
    update: () => orderRelease(site, options),
    runs: async (component = 'firmware') => labelOf(await runs(DEVICE, component)),
    neighbourRuns: async () => labelOf(await runs(NEIGHBOUR, 'firmware')),
    mostTaken: () => largestFile(join(deviceDirectory(files.deviceDataDir, DEVICE), 'slots')),
    startsBelieved: () => startsBelieved(site),
    occupy: () => {
      const job = site.device(DEVICE).startJob({ kind: 'print', duration: Hours(1) });
      return () => job.end();
    },
  };
};

const advertised = (advertisedPort: number) => ({ port: 0, advertisedPort });

/** Before the site, which would make a device with firmware only. */
const manufacture = (directory: string, { factory = FACTORY, scanner }: VictimOptions): Promise<void> =>
  manufactureDevice({
    directory,
    profile: profileNamed('mfp'),
    software: [
      { name: 'firmware', ...factory },
      ...(scanner === undefined ? [] : [{ name: 'scanner', ...scanner }]),
    ],
  });

interface NvRam {
  readonly content: { readonly target: { readonly boot: { readonly active: string } } };
}

/** As somebody reads the disk who takes it out of the device. */
const activeImage = async (disk: string, component: string): Promise<Buffer> => {
  const { content } = JSON.parse(await readFile(join(disk, 'nv-ram.json'), 'utf8')) as NvRam;
  return readFile(join(disk, 'slots', content.target.boot.active, `${component}.img`));
};

/** What is stored does not shrink by itself: a slot keeps what has come until the next upload. */
const largestFile = async (directory: string): Promise<number> => {
  const names = await readdir(directory, { recursive: true });
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(directory, name))).size));
  return Math.max(...sizes);
};
