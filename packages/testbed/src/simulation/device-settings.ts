import { createHash } from 'node:crypto';
import { type DeviceSettings, type InformationSource, profileNamed } from '@postern/device-emulator/compose';
import type { UpdateTarget } from '@postern/software-update';
import type { Image } from '@postern/software-update/testing';
import type { DevicePlan } from './schedule.ts';
import { FACTORY, MODEL } from './software.ts';

/** As what, and with what software, a device leaves the factory. */
export interface Manufacture {
  readonly profile: string;
  readonly model: string;
  readonly images: readonly Image[];
}

/** The device of all simulations. */
export const SIMULATED_MFP: Manufacture = { profile: 'mfp', model: MODEL, images: FACTORY.images };

/** How a device is made: the other end of what the site's configuration says of its link. */
export const settingsOf = (
  { id, link, plainPath, clock }: DevicePlan,
  siteName: string,
  { profile, model }: Pick<Manufacture, 'profile' | 'model'>,
): DeviceSettings => {
  const oneTime = link.credential === 'one-time-password' ? link : undefined;
  return {
    id,
    directory: '',
    profile: profileNamed(profile),
    model,
    identityDirectory: '',
    soap: { host: id, port: 7001 },
    ftp: { host: id, port: 7002 },
    ...(plainPath ? { plain: { host: id, port: 7003 } } : {}),
    intermediary: { name: siteName, secureUrl: '', noticeUrl: '' },
    updaters: [],
    secureLink: oneTime?.tls ?? 'mutual',
    bulkPathKind: oneTime?.bulkPathKind ?? 'ftp',
    clock,
    panelOrders: 'updater',
    requireManifest: oneTime?.tls === 'device-authenticated',
    faults: {},
  };
};

/** What an encrypted bulk path of a device proves to have. */
export const hostKeyOf = (deviceId: string): string =>
  createHash('sha256').update(`host key of ${deviceId}`).digest('hex');

/** What a device says of itself. */
export const informationOf = (
  settings: DeviceSettings,
  target: UpdateTarget,
  freshnessNonce: string | undefined,
): InformationSource => ({
  settings,
  versions: () => target.versions,
  soapPort: () => settings.soap.port,
  ftpPort: () => settings.ftp.port,
  plainPort: () => settings.plain?.port,
  bulkHostKey: () => (settings.bulkPathKind === 'ftp' ? undefined : hostKeyOf(settings.id)),
  freshnessNonce,
});
