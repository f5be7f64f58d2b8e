import { createHash } from 'node:crypto';
import { get } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { bulkPaths } from '@postern/bulk-transfer';
import type { device, uplink } from '@postern/contracts';
import { PosternError, Seconds, silentLogger, systemClock, systemEntropy } from '@postern/core';
import { clientTlsOptions, type EnrolledNode } from '@postern/pki';
import {
  type BulkSession,
  imageName,
  LONGEST_VERSION_REPORT,
  pinVendorKeys,
  readUnprovedManifest,
  readVersionReport,
  type SoftwareManifest,
  verifyManifest,
  versionReportName,
} from '@postern/software-update';
import type { IntermediaryFlaw } from './flawed-intermediary.ts';

/** What an update is carried out with. */
export interface UpdaterParts {
  readonly node: EnrolledNode;
  readonly uplinkUrl: string;
  readonly vendorKeyPem: string;
  readonly flaw: IntermediaryFlaw | undefined;
  /** Calls the device. */
  readonly store: (request: device.StoreOneTimePassword) => Promise<device.StoreOneTimePasswordResponse>;
  readonly deviceId: string;
  /** Resolves with the next start notification of the device. */
  readonly untilStarted: () => Promise<void>;
  readonly signal: AbortSignal;
}

type Result = Extract<uplink.ResponseBody, { readonly kind: 'UpdateSoftwareResponse' | 'Failure' }>;

const TRIES = 3;
const hex = (bytes: number): string => Buffer.from(systemEntropy.bytes(bytes)).toString('hex');

/** A small updater that goes the whole way once, but for its flaw. */
export const update = async (
  parts: UpdaterParts,
  jobId: string,
  { signedManifest }: device.UpdateSoftware,
): Promise<Result> => {
  const { flaw, node, store, deviceId, signal } = parts;
  if (flaw === 'updates-nothing') return ended('failed', {}, 'none');
  const manifest: SoftwareManifest =
    flaw === 'installs-anything'
      ? readUnprovedManifest(signedManifest)
      : verifyManifest(signedManifest, pinVendorKeys([parts.vendorKeyPem], 1));
  const [component] = manifest.components;
  if (component === undefined) throw new PosternError('manifest-malformed', 'Nothing to install');
  const image = await fetchImage(parts, component.sha256);
  if (flaw === 'fetches-twice') await fetchImage(parts, component.sha256);
  const digest = createHash('sha256').update(image).digest('hex');
  if (digest !== component.sha256 && flaw !== 'installs-anything') {
    throw new PosternError('digest-mismatch', 'The image is another one');
  }

  const userName = node.identity.name;
  const password = flaw === 'has-one-password' ? 'always-the-same' : hex(16);
  const reportKey = Buffer.from(systemEntropy.bytes(32));
  const oldNonce = hex(16);
  const share = (oneTimePassword: string) =>
    store({
      userName,
      oneTimePassword,
      lifetimeSeconds: 300,
      jobId,
      signedManifest:
        flaw === 'writes-manifests-anew' ? Buffer.from(`${Buffer.from(signedManifest)} `) : signedManifest,
      reportKey,
      nonce: oldNonce,
    });
  const bulkPath = async <T>(
    endpoint: device.StoreOneTimePasswordResponse['bulkPath'],
    work: (session: BulkSession) => Promise<T>,
  ): Promise<T> => {
    if (endpoint === undefined) throw new PosternError('bulk-unreachable', 'Nobody knows where');
    const login = { userName, oneTimePassword: password };
    const session = await bulkPaths({ clock: systemClock, logger: silentLogger }).open(
      endpoint,
      login,
      signal,
    );
    try {
      return await work(session);
    } finally {
      await session.close(Seconds(1));
    }
  };

  const told = await share(password);
  if (flaw === 'logs-in-wrongly') {
    const wrong = { userName, oneTimePassword: 'nobody-knows-it' };
    const { bulkPath: endpoint } = told;
    if (endpoint !== undefined) {
      const trying = bulkPaths({ clock: systemClock, logger: silentLogger }).open(endpoint, wrong, signal);
      await trying.catch(() => {});
    }
  }
  const readVersions = () =>
    bulkPath(told.bulkPath, async (session) => {
      const nonce = flaw === 'has-one-nonce' ? oldNonce : hex(16);
      const name = versionReportName(told.authenticatedReports === true ? nonce : undefined);
      const report = await session.retrieve(name, LONGEST_VERSION_REPORT, signal);
      const binding = { deviceId, jobId, nonce, reportKey: reportKey.toString('hex') };
      const proved = told.authenticatedReports === true && flaw !== 'believes-any-report';
      return readVersionReport(report, proved ? binding : undefined).versions;
    });
  const erase = async (): Promise<void> => {
    if (flaw === 'keeps-passwords') return;
    await store({ userName, oneTimePassword: hex(16), lifetimeSeconds: 1, jobId, purpose: 'erasure' });
  };
  const assurance = told.manifestChecked === true || flaw === 'claims-full' ? 'full' : 'patent';
  const finish = async (state: device.UpdateOutcome, versions: Readonly<Record<string, string>>) => {
    await erase();
    return ended(state, versions, 'erased', assurance, flaw === 'tells-no-steps' ? [] : ['S101', 'S124']);
  };

  const isInstalled = ({ [component.name]: version }: Readonly<Record<string, string>>): boolean =>
    version === component.version;
  if (flaw !== 'sends-at-once') {
    const before = await readVersions();
    if (isInstalled(before)) return finish('not-required', before);
  }
  const started = parts.untilStarted();
  started.catch(() => {});
  for (let tries = 1; ; tries += 1) {
    try {
      await bulkPath(told.bulkPath, (session) =>
        session.store(imageName(component.name), only(image), { offset: 0 }, signal),
      );
      break;
    } catch (error) {
      if (tries === TRIES) throw error;
      if (flaw === 'shares-again') await share(password);
    }
  }
  await started;
  if (flaw === 'believes-at-once') return finish('verified', { [component.name]: component.version });
  const after = await readVersions();
  return finish(isInstalled(after) ? 'verified' : 'failed', after);
};

const ended = (
  state: device.UpdateOutcome,
  versions: Readonly<Record<string, string>>,
  credential: device.CredentialEnd,
  assurance: device.Assurance = 'patent',
  steps: readonly string[] = [],
): Result => ({
  kind: 'UpdateSoftwareResponse',
  value: {
    state,
    assurance,
    components: { item: Object.entries(versions).map(([component, version]) => ({ component, version })) },
    credential,
    journal: {
      step: steps.map((step, at) => ({
        sequence: at + 1,
        step,
        path: 'uplink',
        direction: 'from-server',
        at: systemClock.now(),
        outcome: 'done',
      })),
    },
  },
});

const fetchImage = ({ node, uplinkUrl, signal }: UpdaterParts, sha256: string): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const url = new URL(`/images/${sha256}`, uplinkUrl);
    const tls = clientTlsOptions(node, { expect: { role: 'server' } });
    const asked = get(url, { ...tls, agent: false, signal }, (response) => {
      if (response.statusCode !== 200) {
        response.resume();
        reject(new PosternError('image-missing', 'There is no such image'));
        return;
      }
      buffer(response).then(resolve, reject);
    });
    asked.on('error', reject);
  });

async function* only(content: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += 16_384) yield content.subarray(at, at + 16_384);
}
