import type { device, types } from '@postern/contracts';

/** What the device knows of itself. */
export interface DeviceFacts {
  readonly id: string;
  readonly model: string;
  readonly versions: () => Readonly<Record<string, string>>;
  readonly soapPort: () => number;
  readonly ftpPort: () => number;
}

const HOST = '127.0.0.1';

export const bulkEndpoint = ({ ftpPort }: DeviceFacts): types.Endpoint => ({ host: HOST, port: ftpPort() });

export const components = ({ versions }: DeviceFacts): types.ComponentVersions => ({
  item: Object.entries(versions()).map(([component, version]) => ({ component, version })),
});

/** How the device introduces itself: nothing of what goes beyond the patent. */
export const information = (facts: DeviceFacts): device.DeviceInformation => ({
  deviceId: facts.id,
  model: facts.model,
  components: components(facts),
  bulkPathKind: 'ftp',
  securePath: { host: HOST, port: facts.soapPort() },
  bulkPath: bulkEndpoint(facts),
});
