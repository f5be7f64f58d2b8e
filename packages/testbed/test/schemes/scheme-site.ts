import {
  type DeviceOfSite,
  type IntermediaryChoices,
  type Release,
  type Site,
  type SiteOptions,
  startSite,
} from '@postern/testbed';
import { afterwards, keepForFile, temporaryDirectory } from '../support/afterwards.ts';
import { FACTORY, imageOf } from '../support/printer-site.ts';
import { type Cell, type Choices, choicesOf, DEVICE_KINDS, deviceName } from './cells.ts';

/** Images are small: what is shown here does not depend on their size. */
const IMAGE_BYTES = 2_048;

/** What takes long on a busy machine may take so many milliseconds: the start of many devices, many updates in a row. */
export const OPENING_TIME = 60_000;

/** The nth release after the factory's software. */
export const releaseNumber = (number: number): Release => {
  const version = `${number + 2}.0.0`;
  return { version, releaseCounter: number + 2, content: imageOf(version, IMAGE_BYTES) };
};

/** Pauses of a site in a hurry; no order of a panel is one too many. */
export const QUICK: IntermediaryChoices = {
  uplink: { hold: 10, firstPause: 0.05, longestPause: 0.2 },
  policy: { transferTries: 1, retryPause: 0.05, longestPause: 0.2, restartTimeout: 20 },
  localOrders: { panel: { burst: 100, interval: 1 } },
};

/** A device that has yet to get its first software. */
type BareDevice = Omit<DeviceOfSite, 'firmware'> & Partial<Pick<DeviceOfSite, 'firmware'>>;

/** One device of each kind. */
export const devicesOfEveryKind = (kinds = DEVICE_KINDS): readonly BareDevice[] =>
  kinds.map((kind) => ({
    id: deviceName(kind),
    secureLink: kind.tls,
    bulkPathKind: kind.bulkPathKind,
    ...(kind.plain
      ? {
          plain: true as const,
          // A device that proves nothing cannot bring its password itself.
          link: { plainRequests: kind.tls !== 'intermediary-authenticated' },
        }
      : {}),
  }));

/** A device of one cell alone, told all choices by its entry in the site's configuration. */
export const deviceFor = ({ deviceId, scheme }: Cell): BareDevice => ({
  id: deviceId,
  secureLink: scheme.tls,
  bulkPathKind: scheme.bulkPathKind,
  link: choicesOf(scheme),
});

/**
 * A site, all in this process, that stays until the end of the file.
 *
 * @param silent devices that are not waited for: they cannot register
 */
export const openSchemeSite = async (
  devices: readonly BareDevice[] = devicesOfEveryKind(),
  { silent = [], ...options }: Partial<SiteOptions> & { readonly silent?: readonly string[] } = {},
): Promise<Site> => {
  keepForFile();
  const site = await startSite({
    intermediary: QUICK,
    ...options,
    directory: await temporaryDirectory(),
    devices: devices.map((device) => ({ firmware: FACTORY, ...device })),
  });
  afterwards(() => site.close());
  await site.operator.devicesKnown(devices.map(({ id }) => id).filter((id) => !silent.includes(id)));
  return site;
};

/**
 * Starts the intermediary again with these choices for the whole site. A device that proves nothing may not end its
 * password itself, and a site that says so for it does not start: there its updater goes on to do it.
 */
export const configure = async (site: Site, choices: Choices): Promise<void> => {
  const unproved = DEVICE_KINDS.filter(({ tls }) => tls === 'intermediary-authenticated');
  await site.intermediary.stop();
  await site.startIntermediary({
    ...QUICK,
    scheme: choices,
    devices: Object.fromEntries(unproved.map((kind) => [deviceName(kind), { eraser: 'updater' as const }])),
  });
};
