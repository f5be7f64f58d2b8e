import type { TLSSocket } from 'node:tls';
import { createFtpServer } from '@postern/bulk-transfer';
import {
  type DeviceOperations,
  type device,
  deviceContract,
  type intermediary,
  intermediaryContract,
} from '@postern/contracts';
import { PosternError, Seconds, silentLogger, systemClock, systemEntropy } from '@postern/core';
import { clientTlsOptions, type EnrolledNode, peerIdentity, serverTlsOptions } from '@postern/pki';
import {
  createSoapClient,
  createSoapListener,
  createSoapService,
  everyOperation,
  type SoapHandlers,
} from '@postern/soap-rpc';
import {
  type BulkReceiver,
  type BulkServiceSession,
  credentialId,
  formatVersionReport,
  invalidationCode,
  type PasswordList,
  parseBulkName,
  startNotificationMac,
  type TlsMode,
  usedPasswordCode,
} from '@postern/software-update';
import { afterThisTest } from './directory.ts';
import { deviceInformation, sha256 } from './software.ts';
import type { World } from './world.ts';

export interface NetworkDeviceOptions {
  readonly link?: TlsMode;
  /** Takes requests in plain HTTP. */
  readonly plain?: boolean;
  readonly list?: PasswordList;
  /** Of another authority, or of nobody, what it presents itself with; its own unless given. */
  readonly node?: EnrolledNode;
}

/** What the device lets its updater in with. */
interface Credential {
  readonly oneTimePassword: string;
  /** The job, or the place in a list. */
  readonly id: string;
  readonly nonce: string;
  /** Hexadecimal. */
  readonly reportKey: string;
}

/** A device with real sockets: the device contract over TLS and in plain HTTP, FTP, its own calls to the intermediary. */
export class NetworkDevice {
  versions: Record<string, string> = { firmware: '1.0' };
  credential: Credential | undefined;
  readonly stored: device.StoreOneTimePassword[] = [];
  /** Operations as they came, with the path they came on. */
  readonly calls: string[] = [];
  /** Who called over TLS. */
  readonly callers = new Set<string>();
  /** Where its intermediary listens. */
  securePort = 0;
  /** Entries of its list below this are used up. */
  position = 0;
  received: string | undefined;
  /** Called when it has the image and has restarted. */
  onRestart: () => Promise<void> = async () => {};
  /** Called when its password was overwritten. */
  onErased: () => void = () => {};
  readonly deviceId: string;
  readonly options: NetworkDeviceOptions;
  information: device.DeviceInformation;
  readonly #node: EnrolledNode;
  #session = new AbortController();

  private constructor(deviceId: string, node: EnrolledNode, options: NetworkDeviceOptions) {
    this.deviceId = deviceId;
    this.#node = node;
    this.options = options;
    this.information = deviceInformation(deviceId);
  }

  static async start(
    world: World,
    deviceId: string,
    options: NetworkDeviceOptions = {},
  ): Promise<NetworkDevice> {
    const node = options.node ?? (await world.enrol({ role: 'device', name: deviceId }));
    const self = new NetworkDevice(deviceId, node, options);
    const clientAuthentication = options.link === 'device-authenticated' ? 'none' : 'required';
    const secure = await self.#listen(self.#handlers('tls'), {
      tls: serverTlsOptions(node, { clientAuthentication }),
      peerIdentity: (socket) => peerIdentity(socket as TLSSocket),
    });
    const plain = options.plain === true ? await self.#listen(self.#handlers('plain'), {}) : undefined;
    const ftp = await createFtpServer({
      host: '127.0.0.1',
      port: 0,
      clock: systemClock,
      logger: silentLogger,
      service: { login: async (_userName, password) => self.#login(password) },
    });
    afterThisTest(() => ftp.close());
    const at = (port: number) => ({ host: '127.0.0.1', port });
    self.information = deviceInformation(deviceId, {
      securePath: at(secure.port),
      bulkPath: at(ftp.port),
      ...(plain === undefined ? {} : { plainPath: at(plain.port) }),
    });
    return self;
  }

  /** Calls the intermediary over TLS, as this device and in the mode of its link. */
  secureClient(port: number, link: TlsMode = this.options.link ?? 'mutual') {
    const expect = { role: 'intermediary', name: 'site-a' } as const;
    const node = link === 'intermediary-authenticated' ? { caPem: this.#node.caPem } : this.#node;
    const client = createSoapClient(intermediaryContract, {
      url: `https://127.0.0.1:${port}/intermediary`,
      tls: clientTlsOptions(node, { expect: link === 'device-authenticated' ? 'unauthenticated' : expect }),
      clock: systemClock,
    });
    afterThisTest(() => client.close());
    return client;
  }

  /** What the compact updater program sends when it has started. */
  startNotice(): intermediary.NotifyStart {
    const { id: jobId = '', nonce = '', reportKey = '' } = this.credential ?? {};
    const mac = startNotificationMac({ deviceId: this.deviceId, jobId, nonce, reportKey });
    return { deviceId: this.deviceId, program: 'firmware', jobId, mac };
  }

  /** Makes a password and brings it to the intermediary. */
  async bring(jobId: string, made = makePassword()): Promise<intermediary.StoreOneTimePasswordResponse> {
    const answer = await this.secureClient(this.securePort).call('StoreOneTimePassword', {
      jobId,
      ...made,
      lifetimeSeconds: 600,
      manifestChecked: true,
    });
    this.#keep(jobId, made, answer.nonce);
    return answer;
  }

  #listen(
    handlers: SoapHandlers<DeviceOperations>,
    security: Partial<Parameters<typeof createSoapListener>[0]>,
  ) {
    const service = createSoapService(deviceContract, handlers, { logger: silentLogger });
    const listening = createSoapListener({
      services: { '/device': service },
      ...security,
      host: '127.0.0.1',
      port: 0,
      clock: systemClock,
      logger: silentLogger,
      limits: { closeTimeout: Seconds(0.1) },
    });
    afterThisTest(async () => (await listening).close());
    return listening;
  }

  #handlers(path: 'tls' | 'plain'): SoapHandlers<DeviceOperations> {
    const refuse = async (): Promise<never> => {
      throw new PosternError('operation-unknown', 'Not in this test');
    };
    const noted =
      <Q, A>(answer: (request: Q) => Promise<A>) =>
      (request: Q, { operation, peer }: { operation: string; peer: { name: string } | undefined }) => {
        this.calls.push(`${path} ${operation}`);
        if (path === 'tls') this.callers.add(peer?.name ?? 'nobody');
        return answer(request);
      };
    return {
      ...everyOperation(deviceContract, refuse),
      StoreOneTimePassword: noted((request) => this.#store(request)),
      GenerateOneTimePassword: noted((request) => this.#generate(request, path)),
      InvalidateOneTimePassword: noted((request) => this.#invalidate(request, path)),
      ConcludeUpdate: noted((request) => this.#conclude(request)),
      MarkPasswordUsed: noted((request) => this.#markUsed(request)),
      GetDeviceInformation: async () => ({ device: this.information }),
      ConfirmAlive: noted(async () => ({ startedAt: systemClock.now(), state: 'ready' as const })),
    };
  }

  #keep(jobId: string, made: ReturnType<typeof makePassword>, nonce = ''): void {
    const { oneTimePassword, reportKey } = made;
    this.credential = {
      oneTimePassword,
      id: jobId,
      nonce,
      reportKey: Buffer.from(reportKey).toString('hex'),
    };
  }

  async #store(request: device.StoreOneTimePassword): Promise<device.CredentialStored> {
    this.stored.push(request);
    const { oneTimePassword, reportKey = new Uint8Array(), jobId, nonce } = request;
    if (request.purpose === 'erasure') {
      this.credential = undefined;
      this.onErased();
    } else this.#keep(jobId, { oneTimePassword, reportKey }, nonce);
    return { jobId, authenticatedReports: true, manifestChecked: true };
  }

  async #generate(
    { jobId, nonce }: device.GenerateOneTimePassword,
    path: 'tls' | 'plain',
  ): Promise<device.GenerateOneTimePasswordResponse> {
    const flags = { jobId, authenticatedReports: true, manifestChecked: true };
    if (path === 'plain') {
      await this.bring(jobId);
      return { ...flags, delivery: 'by-request' };
    }
    const made = makePassword();
    this.#keep(jobId, made, nonce);
    return { ...flags, ...made, delivery: 'in-response' };
  }

  async #invalidate(
    { jobId, userName, mac }: device.InvalidateOneTimePassword,
    path: 'tls' | 'plain',
  ): Promise<device.InvalidateOneTimePasswordResponse> {
    const { reportKey = '', id } = this.credential ?? {};
    const code = invalidationCode(reportKey, { deviceId: this.deviceId, userName, jobId });
    const invalidated = id === jobId && (path === 'tls' || mac === code);
    if (invalidated) this.credential = undefined;
    return { jobId, invalidated };
  }

  async #conclude({ jobId }: device.ConcludeUpdate): Promise<device.ConcludeUpdateResponse> {
    this.credential = undefined;
    await this.secureClient(this.securePort).call('EraseOneTimePassword', { jobId });
    return { jobId };
  }

  async #markUsed({ mac, keyRotations, ...used }: device.MarkPasswordUsed) {
    const entry = this.options.list?.entries[used.entry];
    if (entry === undefined) throw new PosternError('not-authorised', 'No such entry');
    const rotations = keyRotations === undefined ? {} : { keyRotations: keyRotations.record };
    const code = usedPasswordCode(entry.reportKey, { deviceId: this.deviceId, ...used, ...rotations });
    if (code !== mac) throw new PosternError('not-authorised', 'The code is wrong');
    this.position = Math.max(this.position, used.entry + 1);
    const { nonce = '', signedManifest } = used;
    if (this.credential !== undefined) this.credential = { ...this.credential, nonce };
    if (signedManifest === undefined) this.credential = undefined;
    const remaining = (this.options.list?.entries.length ?? 0) - this.position;
    return { list: used.list, next: this.position, remaining, manifestChecked: signedManifest !== undefined };
  }

  #login(password: string): BulkServiceSession | undefined {
    const { list } = this.options;
    const entry = list?.entries.findIndex((candidate) => candidate.password === password) ?? -1;
    if (list !== undefined && entry >= this.position) {
      const reportKey = list.entries[entry]?.reportKey ?? '';
      const id = credentialId('', { listEntry: { list: list.list, entry } });
      this.credential = { oneTimePassword: password, id, nonce: '', reportKey };
    }
    return password === this.credential?.oneTimePassword ? this.#bulkSession() : undefined;
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
    const { id: jobId = '', reportKey = '' } = this.credential ?? {};
    return formatVersionReport(
      { versions: this.versions, activity: 'idle' },
      { deviceId: this.deviceId, jobId, nonce: parsed.nonce, reportKey },
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

const makePassword = () => ({
  oneTimePassword: Buffer.from(systemEntropy.bytes(32)).toString('base64url'),
  reportKey: systemEntropy.bytes(32),
});
