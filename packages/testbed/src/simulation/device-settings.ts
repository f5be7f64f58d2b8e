import { createHash } from 'node:crypto';
import { type DeviceSettings, type InformationSource, profileNamed } from '@postern/device-emulator/compose';
import type { UpdateTarget } from '@postern/software-update';
import type { DevicePlan } from './schedule.ts';
import { MODEL } from './software.ts';

/** How a device is made: the other end of what the site's configuration says of its link. */
export const settingsOf = ({ id, link, plainPath, clock }: DevicePlan, siteName: string): DeviceSettings => {
  const oneTime = link.credential === 'one-time-password' ? link : undefined;
  return {
    id,
    directory: '',
    profile: profileNamed('mfp'),
    model: MODEL,
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
