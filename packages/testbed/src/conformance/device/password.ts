import { bulkPaths } from '@postern/bulk-transfer';
import type { device } from '@postern/contracts';
import { errorCode, randomId, Seconds } from '@postern/core';
import { type BulkEndpoint, type BulkSession, LONGEST_VERSION_REPORT } from '@postern/software-update';
import { failed, notOffered } from '../verdicts.ts';
import type { DeviceTarget } from './device-target.ts';

/** A one-time password that the device holds. */
export interface SharedPassword {
  readonly jobId: string;
  readonly password: string;
  readonly answer: device.StoreOneTimePasswordResponse;
  readonly endpoint: BulkEndpoint;
}

/** Elements beside those that every request has. */
export type PasswordExtras = Partial<Omit<device.StoreOneTimePassword, 'userName' | 'oneTimePassword'>>;

const LIFETIME_SECONDS = 300;

export const newPassword = ({ options }: DeviceTarget): string =>
  Buffer.from(options.entropy.bytes(24)).toString('base64url');

/** Shares a password of a new job, and has it erased whatever comes of `work`. */
export const withPassword = async (
  target: DeviceTarget,
  extras: PasswordExtras,
  signal: AbortSignal,
  work: (shared: SharedPassword) => Promise<void>,
): Promise<void> => {
  const jobId = `conformance-${randomId(target.options.entropy)}`;
  const password = newPassword(target);
  try {
    const answer = await storePassword(target, jobId, password, extras, signal);
    await work({ jobId, password, answer, endpoint: await endpointOf(target, answer, signal) });
  } finally {
    // Even when the answer was lost: what is not there is not harmed by it. Its failure is no news beside the first.
    await erase(target, jobId, newPassword(target)).catch(() => {});
  }
};

/** @throws PosternError `not-offered` when the device wants a manifest and there is none */
export const storePassword = async (
  { options, call }: DeviceTarget,
  jobId: string,
  oneTimePassword: string,
  extras: PasswordExtras,
  signal: AbortSignal,
): Promise<device.StoreOneTimePasswordResponse> => {
  const { node, signedManifest } = options;
  const request: device.StoreOneTimePassword = {
    userName: node.identity.name,
    oneTimePassword,
    lifetimeSeconds: LIFETIME_SECONDS,
    jobId,
    ...(signedManifest === undefined ? {} : { signedManifest }),
    ...extras,
  };
  try {
    return await call((client) => client.call('StoreOneTimePassword', request, { signal }));
  } catch (error) {
    if (errorCode(error, '') !== 'manifest-required' || signedManifest !== undefined) throw error;
    throw notOffered(
      'The device takes no password without a signed manifest',
      'Give a manifest that it would accept: --manifest FILE. Nothing is installed.',
    );
  }
};

/** Overwrites the password (U8). */
export const erase = async (
  { options, call }: DeviceTarget,
  jobId: string,
  erasurePassword: string,
): Promise<void> => {
  const request: device.StoreOneTimePassword = {
    userName: options.node.identity.name,
    oneTimePassword: erasurePassword,
    lifetimeSeconds: LIFETIME_SECONDS,
    jobId,
    purpose: 'erasure',
  };
  // Also for a check that has been given up: the device is left as it was.
  await call((client) => client.call('StoreOneTimePassword', request));
};

/** Opens the bulk path for the time of `work`. */
export const withBulk = async <T>(
  { options }: DeviceTarget,
  endpoint: BulkEndpoint,
  oneTimePassword: string,
  signal: AbortSignal,
  work: (session: BulkSession) => Promise<T>,
  userName = options.node.identity.name,
): Promise<T> => {
  const session = await bulkPaths(options).open(endpoint, { userName, oneTimePassword }, signal);
  try {
    return await work(session);
  } finally {
    await session.close(Seconds(2));
  }
};

/** Whether a login opens the bulk path now. */
export const opens = async (
  target: DeviceTarget,
  endpoint: BulkEndpoint,
  password: string,
  signal: AbortSignal,
  userName?: string,
): Promise<boolean> => {
  try {
    return await withBulk(target, endpoint, password, signal, async () => true, userName);
  } catch (error) {
    if (errorCode(error, '') === 'bulk-login-refused') return false;
    throw error;
  }
};

/** A small file of the bulk path. */
export const retrieve = (
  target: DeviceTarget,
  { endpoint, password }: SharedPassword,
  name: string,
  signal: AbortSignal,
): Promise<Uint8Array> =>
  withBulk(target, endpoint, password, signal, (session) =>
    session.retrieve(name, LONGEST_VERSION_REPORT, signal),
  );

/** As it was given, as the answer says, or as the device introduces itself. */
const endpointOf = async (
  { options, call }: DeviceTarget,
  { bulkPath, bulkPathKind, bulkHostKey }: device.StoreOneTimePasswordResponse,
  signal: AbortSignal,
): Promise<BulkEndpoint> => {
  const place =
    options.bulk ??
    bulkPath ??
    (await call((client) => client.call('GetDeviceInformation', {}, { signal }))).device.bulkPath;
  if (place === undefined) {
    throw failed(
      'The device does not say where its bulk path is',
      'Put bulkPath into the answer to StoreOneTimePassword, or give --bulk HOST:PORT.',
    );
  }
  return {
    ...place,
    ...(bulkPathKind === undefined ? {} : { kind: bulkPathKind }),
    ...(bulkHostKey === undefined ? {} : { hostKey: bulkHostKey }),
  };
};
