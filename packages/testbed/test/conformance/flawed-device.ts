import { createHash } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { createFtpServer } from '@postern/bulk-transfer';
import { type DeviceOperations, type device, deviceContract } from '@postern/contracts';
import {
  after,
  type Closers,
  type Instant,
  PosternError,
  Seconds,
  silentLogger,
  systemClock,
} from '@postern/core';
import { type EnrolledNode, peerIdentity, serverTlsOptions } from '@postern/pki';
import { createSoapListener, createSoapService, everyOperation, type SoapHandlers } from '@postern/soap-rpc';
import { formatVersionReport, parseBulkName, updateError } from '@postern/software-update';
import { marred, type ServiceFlaw } from './marred-service.ts';

/** What a device does wrong, one at a time. */
export type Flaw =
  | ServiceFlaw
  | 'asks-no-certificate'
  | 'speaks-plain'
  | 'has-another-name'
  | 'loses-parameters'
  | 'takes-any-name'
  | 'stops-applications'
  | 'keeps-deleted-files'
  | 'refuses-logins'
  | 'reports-another-version'
  | 'takes-any-password'
  | 'takes-any-user'
  | 'keeps-older-passwords'
  | 'keeps-erased-passwords'
  | 'opens-by-erasure-password'
  | 'ignores-lifetimes'
  | 'lets-guess'
  | 'only-says-invalidated'
  | 'leaves-out-invalidation'
  | 'authenticates-nothing'
  | 'claims-to-check-manifests'
  | 'keeps-its-password-to-itself';

interface Stored {
  readonly userName: string;
  readonly password: string;
  readonly jobId: string;
  readonly until: Instant;
  readonly reportKey?: string;
}

const DEVICE = 'model-device';
const MOST_WRONG_TRIES = 10;

/** A small device that keeps the whole contract, but for its flaw. */
export const startFlawedDevice = async (
  node: EnrolledNode,
  closers: Closers,
  flaw?: Flaw,
): Promise<{ readonly port: number }> => {
  let stored: Stored[] = [];
  let wrongTries = 0;
  const bulk = await createFtpServer({
    service: {
      login: async (userName, password) => {
        const live = stored.find((one) => opens(one, userName, password, flaw));
        if (live === undefined) wrongTries += 1;
        if (wrongTries >= MOST_WRONG_TRIES && flaw !== 'lets-guess') stored = [];
        if (flaw === 'refuses-logins') return undefined;
        if (live === undefined && flaw !== 'takes-any-password') return undefined;
        return {
          list: async () => [],
          read: async (name) => reportOf(name, live, flaw),
          size: async () => undefined,
          receive: async () => {
            throw updateError('transfer-refused', 'Nothing is expected');
          },
          revoked: new AbortController().signal,
          ended: () => {},
        };
      },
    },
    clock: systemClock,
    logger: silentLogger,
    host: '127.0.0.1',
    port: 0,
  });
  closers.add(() => bulk.close());
  const bulkPath = { host: '127.0.0.1', port: bulk.port };
  const store = (request: Omit<device.StoreOneTimePassword, 'purpose'>): device.CredentialStored => {
    const { userName, oneTimePassword: password, jobId, lifetimeSeconds, reportKey } = request;
    const key = reportKey === undefined ? {} : { reportKey: Buffer.from(reportKey).toString('hex') };
    const until = after(systemClock.now(), Seconds(lifetimeSeconds));
    const older = flaw === 'keeps-older-passwords' ? stored : [];
    wrongTries = 0;
    stored = [...older, { userName, password, jobId, until, ...key }];
    return { jobId, bulkPath, authenticatedReports: reportKey !== undefined, manifestChecked: true };
  };
  const files = new Map<string, Uint8Array>();
  const refused = (code: string): Error => new PosternError(code, 'No such thing here');
  const anyName = <T>(answer: T, code: string): T => {
    if (flaw === 'takes-any-name') return answer;
    throw refused(code);
  };
  const application = { name: 'copier', state: 'running' } as const;
  let size = 'A4';

  const handlers: SoapHandlers<DeviceOperations> = {
    ...everyOperation<DeviceOperations>(deviceContract, async () => Promise.reject(refused('not-offered'))),
    GetDeviceInformation: async () => ({
      device: {
        deviceId: flaw === 'has-another-name' ? 'somebody-else' : DEVICE,
        model: 'Model',
        components: { item: [{ component: 'firmware', version: '1.0.0' }] },
        bulkPathKind: 'ftp',
      },
    }),
    StoreOneTimePassword: async ({ purpose, ...request }) => {
      if (purpose === 'erasure' && flaw !== 'opens-by-erasure-password') {
        if (flaw !== 'keeps-erased-passwords') stored = [];
        return { jobId: request.jobId };
      }
      if (request.signedManifest !== undefined && flaw !== 'claims-to-check-manifests') {
        throw refused('manifest-signature-invalid');
      }
      return store(request);
    },
    InvalidateOneTimePassword: async ({ jobId }) => {
      if (flaw === 'leaves-out-invalidation') throw refused('not-offered');
      const invalidated = stored.some((one) => one.jobId === jobId);
      if (flaw !== 'only-says-invalidated') stored = [];
      return { jobId, invalidated };
    },
    GenerateOneTimePassword: async (request) => {
      const made = { oneTimePassword: createHash('sha256').update(request.jobId).digest('hex') };
      const answer = { ...store({ ...request, ...made }), delivery: 'in-response' as const };
      return flaw === 'keeps-its-password-to-itself' ? answer : { ...answer, ...made };
    },
    MarkPasswordUsed: async ({ list }) => anyName({ list, next: 1, remaining: 1 }, 'password-list-missing'),
    GetCounters: async () => ({ counters: { item: [{ name: 'pages', value: 1 }] } }),
    GetParameters: async () => ({ parameters: { item: [{ name: 'paper', value: size }] } }),
    SetParameters: async ({ parameters }) => {
      if (parameters.item?.some(({ name }) => name !== 'paper')) anyName(undefined, 'parameter-unknown');
      if (flaw === 'loses-parameters') size = 'A3';
      return { parameters };
    },
    ExecuteCommand: async () => anyName({ output: 'done' }, 'command-unknown'),
    CollectLogs: async () => ({ entries: { item: [] } }),
    ConfirmAlive: async () => ({ startedAt: systemClock.now(), state: 'ready' }),
    GetApplications: async () => ({ application: [application] }),
    SetApplication: async () => ({
      application: flaw === 'stops-applications' ? { ...application, state: 'stopped' } : application,
    }),
    ListFiles: async () => ({ file: [...files].map(entry) }),
    ReadFile: async ({ name }) => {
      const content = files.get(name) ?? anyName(Buffer.alloc(0), 'file-unknown');
      return { file: entry([name, content]), content };
    },
    WriteFile: async ({ name, content }) => {
      files.set(name, content);
      return { received: content.length, complete: true };
    },
    DeleteFile: async ({ name }) => ({
      deleted: flaw === 'keeps-deleted-files' || files.delete(name),
    }),
  };

  const service = createSoapService(deviceContract, handlers, {
    logger: silentLogger,
    clientCodes: () => true,
  });
  const open = flaw === 'asks-no-certificate';
  const listener = await createSoapListener({
    services: { '/device': marred(service, flaw, ANSWER) },
    ...(flaw === 'speaks-plain'
      ? {}
      : {
          tls: serverTlsOptions(node, { clientAuthentication: open ? 'none' : 'required' }),
          peerIdentity: (socket) => peerIdentity(socket as TLSSocket),
        }),
    ...(flaw === 'answers-anything' ? { limits: { bodyBytes: 16 << 20 } } : {}),
    host: '127.0.0.1',
    port: 0,
    clock: systemClock,
    logger: silentLogger,
  });
  closers.add(() => listener.close());
  return { port: listener.port };
};

const entry = ([name, content]: readonly [string, Uint8Array]): device.FileEntry => ({
  name,
  length: content.length,
  sha256: createHash('sha256').update(content).digest('hex'),
  modifiedAt: systemClock.now(),
});

const opens = (one: Stored, userName: string, password: string, flaw: Flaw | undefined): boolean =>
  one.password === password &&
  (one.userName === userName || flaw === 'takes-any-user') &&
  (systemClock.now() < one.until || flaw === 'ignores-lifetimes');

const reportOf = (name: string, live: Stored | undefined, flaw: Flaw | undefined): Uint8Array | undefined => {
  const parsed = parseBulkName(name);
  if (parsed?.kind !== 'version-report') return undefined;
  const versions = { firmware: flaw === 'reports-another-version' ? '0.9.0' : '1.0.0' };
  if (parsed.nonce === undefined || live?.reportKey === undefined) return formatVersionReport({ versions });
  const reportKey = flaw === 'authenticates-nothing' ? '00'.repeat(32) : live.reportKey;
  return formatVersionReport(
    { versions },
    { deviceId: DEVICE, jobId: live.jobId, nonce: parsed.nonce, reportKey },
  );
};

const ANSWER =
  '<InvalidateOneTimePasswordResponse xmlns="urn:postern:device:1"><jobId>j</jobId><invalidated>false</invalidated></InvalidateOneTimePasswordResponse>';
