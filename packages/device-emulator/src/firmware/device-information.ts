import type { device, types } from '@postern/contracts';
import { advertised, type DeviceSettings } from '../device-settings.ts';

/** What the firmware knows of the device while it runs. */
export interface InformationSource {
  readonly settings: DeviceSettings;
  readonly versions: () => Readonly<Record<string, string>>;
  readonly soapPort: () => number;
  readonly ftpPort: () => number;
  /** `undefined` without a plain listener. */
  readonly plainPort: () => number | undefined;
  /** SHA-256 of what the other end of an encrypted bulk path proves to have; hexadecimal. */
  readonly bulkHostKey: () => string | undefined;
  /** Of a device without a clock: what the next signed time has to repeat. */
  readonly freshnessNonce: string | undefined;
}

/** Versions as the contracts carry them. */
export const componentVersions = (versions: Readonly<Record<string, string>>): types.ComponentVersions => ({
  item: Object.entries(versions).map(([component, version]) => ({ component, version })),
});

export const bulkEndpoint = ({ settings, ftpPort }: InformationSource): types.Endpoint =>
  advertised(settings.ftp, ftpPort());

/** How the device introduces itself, in `Register` and in answer to `GetDeviceInformation`. */
export const deviceInformation = (source: InformationSource): device.DeviceInformation => {
  const { settings, versions, soapPort, plainPort, freshnessNonce } = source;
  const port = plainPort();
  return {
    deviceId: settings.id,
    model: settings.model,
    components: componentVersions(versions()),
    bulkPathKind: settings.bulkPathKind,
    securePath: advertised(settings.soap, soapPort()),
    bulkPath: bulkEndpoint(source),
    profile: settings.profile.name,
    authenticatedReports: true,
    secureLink: settings.secureLink,
    remembersRequests: true,
    ...(settings.plain === undefined || port === undefined
      ? {}
      : { plainPath: advertised(settings.plain, port) }),
    ...(freshnessNonce === undefined ? {} : { freshnessNonce }),
  };
};
