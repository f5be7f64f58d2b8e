import type { TLSSocket } from 'node:tls';
import { createFtpServer } from '@postern/bulk-transfer';
import { type device, deviceContract, type intermediary, intermediaryContract } from '@postern/contracts';
import { PosternError, Seconds, silentLogger, systemClock } from '@postern/core';
import { clientTlsOptions, type EnrolledNode, peerIdentity, serverTlsOptions } from '@postern/pki';
import { createSoapClient, createSoapListener, createSoapService } from '@postern/soap-rpc';
import {
  type BulkReceiver,
  type BulkServiceSession,
  formatVersionReport,
  parseBulkName,
  startNotificationMac,
} from '@postern/software-update';
import { afterThisTest } from './directory.ts';
import { deviceInformation, sha256 } from './software.ts';
import type { World } from './world.ts';

/** A device with real sockets: the device contract over mutual TLS, FTP, and its own calls to the intermediary. */
export class NetworkDevice {
  versions: Record<string, string> = { firmware: '1.0' };
  credential: device.StoreOneTimePassword | undefined;
  readonly stored: device.StoreOneTimePassword[] = [];
  received: string | undefined;
  /** Called when it has the image and has restarted. */
  onRestart: () => Promise<void> = async () => {};
  readonly deviceId: string;
  information: device.DeviceInformation;
  readonly #node: EnrolledNode;
  #session = new AbortController();

  private constructor(deviceId: string, node: EnrolledNode) {
    this.deviceId = deviceId;
    this.#node = node;
    this.information = deviceInformation(deviceId);
  }

  static async start(world: World, deviceId: string): Promise<NetworkDevice> {
    const node = await world.enrol({ role: 'device', name: deviceId });
    const self = new NetworkDevice(deviceId, node);
    const refuse = async (): Promise<never> => {
      throw new PosternError('operation-unknown', 'Not in this test');
    };
    const service = createSoapService(
      deviceContract,
      {
        StoreOneTimePassword: (request) => self.#store(request),
        GetDeviceInformation: async () => ({ device: self.information }),
        ConfirmAlive: async () => ({ startedAt: systemClock.now(), state: 'ready' as const }),
        GenerateOneTimePassword: refuse,
        InvalidateOneTimePassword: refuse,
        ConcludeUpdate: refuse,
        MarkPasswordUsed: refuse,
        GetCounters: refuse,
        GetParameters: refuse,
        SetParameters: refuse,
        ExecuteCommand: refuse,
        CollectLogs: refuse,
        ShowResult: refuse,
      },
      { logger: silentLogger },
    );
    const secure = await createSoapListener({
      services: { '/device': service },
      tls: serverTlsOptions(node, { clientAuthentication: 'required' }),
      peerIdentity: (socket) => peerIdentity(socket as TLSSocket),
      host: '127.0.0.1',
      port: 0,
      clock: systemClock,
      logger: silentLogger,
      limits: { closeTimeout: Seconds(0.1) },
    });
    const ftp = await createFtpServer({
      host: '127.0.0.1',
      port: 0,
      clock: systemClock,
      logger: silentLogger,
      service: {
        login: async (_userName, password) =>
          password === self.credential?.oneTimePassword ? self.#bulkSession() : undefined,
      },
    });
    afterThisTest(async () => {
      await ftp.close();
      await secure.close();
    });
    self.information = deviceInformation(deviceId, {
      securePath: { host: '127.0.0.1', port: secure.port },
      bulkPath: { host: '127.0.0.1', port: ftp.port },
    });
    return self;
  }

  /** Calls the intermediary over mutual TLS, as this device. */
  secureClient(port: number) {
    const client = createSoapClient(intermediaryContract, {
      url: `https://127.0.0.1:${port}/intermediary`,
      tls: clientTlsOptions(this.#node, { expect: { role: 'intermediary', name: 'site-a' } }),
      clock: systemClock,
    });
    afterThisTest(() => client.close());
    return client;
  }

  /** What the compact updater program sends when it has started. */
  startNotice(): intermediary.NotifyStart {
    const { jobId = '', nonce = '', reportKey } = this.credential ?? {};
    const key = Buffer.from(reportKey ?? []).toString('hex');
    const mac = startNotificationMac({ deviceId: this.deviceId, jobId, nonce, reportKey: key });
    return { deviceId: this.deviceId, program: 'firmware', jobId, mac };
  }

  async #store(request: device.StoreOneTimePassword): Promise<device.CredentialStored> {
    this.stored.push(request);
    this.credential = request.purpose === 'erasure' ? undefined : request;
    return { jobId: request.jobId, authenticatedReports: true, manifestChecked: true };
  }

  #bulkSession(): BulkServiceSession {
    this.#session = new AbortController();
    return {
      list: async () => [],
      read: async (name) => this.#report(name),
      size: async () => 0,
      receive: async () => this.#receiver(),
      revoked: this.#session.signal,
      ended: () => {},
    };
  }

  #report(name: string): Uint8Array | undefined {
    const parsed = parseBulkName(name);
    if (parsed?.kind !== 'version-report' || parsed.nonce === undefined) return undefined;
    const { jobId = '', reportKey } = this.credential ?? {};
    return formatVersionReport(
      { versions: this.versions, activity: 'idle' },
      {
        deviceId: this.deviceId,
        jobId,
        nonce: parsed.nonce,
        reportKey: Buffer.from(reportKey ?? []).toString('hex'),
      },
    );
  }

  #receiver(): BulkReceiver {
    const chunks: Buffer[] = [];
    return {
      write: async (chunk) => {
        chunks.push(Buffer.from(chunk));
      },
      finish: async () => {
        this.received = sha256(Buffer.concat(chunks));
        this.versions = { firmware: '2.0' };
        systemClock.schedule(Seconds(0.05), () => {
          this.#session.abort();
          void this.onRestart();
        });
        return 'Got it';
      },
      abort: async () => {},
    };
  }
}
