import type { device } from '@postern/contracts';
import { after, type Instant, Seconds } from '@postern/core';
import {
  DEFAULT_SCHEME,
  type UpdateJob,
  type UpdaterPolicy,
  updateError,
  type VendorTrust,
  verifyManifest,
} from '@postern/software-update';
import { notSupportedYet } from '../requests/not-supported.ts';

/** What a site decides an order by. */
export interface OrderContext {
  readonly now: Instant;
  /** This intermediary's name. */
  readonly updaterId: string;
  readonly vendorTrust: VendorTrust;
  readonly policy: UpdaterPolicy;
  /** What the device said of itself when it registered. */
  readonly device: device.DeviceInformation | undefined;
}

/**
 * Turns an UpdateSoftware request into a job, or refuses it before anything is fetched. The target checks the
 * manifest again: its decision is the binding one.
 *
 * @throws PosternError `device-unknown`, `wrong-model`, `manifest-expired`, `manifest-malformed`,
 *   `manifest-signature-invalid`, `not-supported-yet`
 * @spec X1
 */
export const orderUpdate = (
  requestId: string,
  deviceId: string,
  order: device.UpdateSoftware,
  context: OrderContext,
): UpdateJob => {
  if (context.device === undefined) {
    throw updateError('device-unknown', `No device ${deviceId} has registered at ${context.updaterId}`);
  }
  const manifest = verifyManifest(order.signedManifest, context.vendorTrust);
  if (manifest.model !== context.device.model) {
    throw updateError(
      'wrong-model',
      `The software is for ${manifest.model}, ${deviceId} is a ${context.device.model}`,
    );
  }
  if (manifest.expires <= context.now) {
    throw updateError('manifest-expired', `The manifest of ${manifest.software} has expired`);
  }
  if (context.device.bulkPathKind !== 'ftp') {
    throw notSupportedYet(`a bulk path of the kind ${context.device.bulkPathKind}`);
  }
  return {
    jobId: requestId,
    deviceId,
    updaterId: context.updaterId,
    signedManifest: order.signedManifest,
    manifest,
    deadline: after(context.now, Seconds(order.deadlineSeconds)),
    policy: withOverrides(context.policy, order.policy),
    scheme: DEFAULT_SCHEME,
  };
};

const withOverrides = (site: UpdaterPolicy, order: device.UpdatePolicy | undefined): UpdaterPolicy => {
  if (order === undefined) return site;
  refuseUnsupported(order);
  return {
    ...site,
    ...(order.transferTries === undefined ? {} : { transferTries: order.transferTries }),
    ...(order.restartTimeoutSeconds === undefined
      ? {}
      : { restartTimeout: Seconds(order.restartTimeoutSeconds) }),
  };
};

/** An order is carried out as it was meant, or not at all. */
const refuseUnsupported = (order: device.UpdatePolicy): void => {
  const wanted = [
    [order.passwordGenerator, 'updater', 'passwordGenerator'],
    [order.eraser, 'updater', 'eraser'],
    [order.invalidation, 'overwrite-random', 'invalidation'],
    [order.bulkPathKind, 'ftp', 'bulkPathKind'],
  ] as const;
  for (const [value, supported, name] of wanted) {
    if (value === undefined || value === supported) continue;
    throw notSupportedYet(`an update with ${name} ${value}`);
  }
};
