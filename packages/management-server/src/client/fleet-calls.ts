import type { Readable } from 'node:stream';
import type { RequestView } from '../use-cases/request-views.ts';
import type { IntermediaryView, TimeKeyView, VendorKeysView } from '../use-cases/site-views.ts';
import type { DeviceView, SoftwareView } from '../use-cases/views.ts';
import type { RestConnection } from './rest-connection.ts';

/** Which devices are listed; what is absent is not asked for. */
export interface DeviceListFilter {
  /** Below it, at whatever depth. */
  readonly intermediary?: string;
  readonly model?: string;
  readonly profile?: string;
}

/** Images, software, keys, intermediaries and devices. */
export const fleetCalls = (connection: RestConnection) => ({
  /** Whether the server holds the image already. */
  async hasImage(sha256: string): Promise<boolean> {
    const answer = await connection.send({ method: 'HEAD', path: `/api/v1/images/${sha256}` });
    await answer.body.dump();
    return answer.statusCode === 200;
  },

  /** Uploads an image; the server checks length and digest. */
  async putImage(sha256: string, length: number, content: Readable, signal?: AbortSignal): Promise<void> {
    const headers = { 'content-type': 'application/octet-stream', 'content-length': `${length}` };
    await connection.json({
      method: 'PUT',
      path: `/api/v1/images/${sha256}`,
      body: content,
      headers,
      signal: signal ?? null,
    });
  },

  /** Registers a signed manifest whose images are uploaded. */
  async registerSoftware(signedManifest: Uint8Array): Promise<SoftwareView> {
    const body = { signedManifest: Buffer.from(signedManifest).toString('base64') };
    return (await connection.post('/api/v1/software', body)) as SoftwareView;
  },

  async listSoftware(): Promise<readonly SoftwareView[]> {
    return connection.all<SoftwareView>('/api/v1/software');
  },

  /** Takes a key rotation: in force from then on, and sent along with all software. */
  async trustRotation(signedRotation: Uint8Array): Promise<VendorKeysView> {
    const body = { signedRotation: Buffer.from(signedRotation).toString('base64') };
    return (await connection.post('/api/v1/vendor-keys/rotations', body)) as VendorKeysView;
  },

  async vendorKeys(): Promise<VendorKeysView> {
    return (await connection.get('/api/v1/vendor-keys')) as VendorKeysView;
  },

  async timeKey(): Promise<TimeKeyView> {
    return (await connection.get('/api/v1/time-key')) as TimeKeyView;
  },

  async listIntermediaries(): Promise<readonly IntermediaryView[]> {
    return connection.all<IntermediaryView>('/api/v1/intermediaries');
  },

  /** Has a site fetch software ahead of any update. */
  async pushSoftware(
    intermediary: string,
    push: { readonly software: string; readonly deadlineSeconds?: number },
  ): Promise<RequestView> {
    const path = `/api/v1/intermediaries/${encodeURIComponent(intermediary)}/software`;
    return (await connection.post(path, push)) as RequestView;
  },

  /** @throws PosternError `request-invalid` for a filter that names nothing there can be */
  async listDevices(filter: DeviceListFilter = {}): Promise<readonly DeviceView[]> {
    return connection.all<DeviceView>('/api/v1/devices', new URLSearchParams({ ...filter }));
  },

  async device(id: string): Promise<DeviceView> {
    return (await connection.get(`/api/v1/devices/${encodeURIComponent(id)}`)) as DeviceView;
  },
});
