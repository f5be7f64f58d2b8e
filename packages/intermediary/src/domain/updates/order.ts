import type { device } from '@postern/contracts';
import { after, type Instant, Seconds } from '@postern/core';
import {
  type OrderOrigin,
  type TlsMode,
  type UpdateJob,
  type UpdaterPolicy,
  updateError,
  type VendorTrust,
  verifyManifest,
} from '@postern/software-update';
import { type DeviceLink, schemeOf } from '../schemes/device-links.ts';

/** What a site decides an order by. */
export interface OrderContext {
  readonly now: Instant;
  /** This intermediary's name. */
  readonly updaterId: string;
  readonly vendorTrust: VendorTrust;
  readonly policy: UpdaterPolicy;
  /** What the device said of itself when it registered. */
  readonly device: device.DeviceInformation | undefined;
  readonly orderedBy: OrderOrigin;
  /** What is configured for a device. */
  readonly linkOf: (deviceId: string) => DeviceLink;
  /** @throws PosternError `password-list-missing`, `password-list-exhausted` */
  readonly requirePasswords: (deviceId: string) => void;
}

/**
 * Turns an UpdateSoftware request into a job, or refuses it before anything is fetched: an order is carried out as it
 * was meant, or not at all. The target checks the manifest again: its decision is the binding one.
 *
 * @throws PosternError `device-unknown`, `wrong-model`, `manifest-expired`, `manifest-malformed`,
 *   `manifest-signature-invalid`, `scheme-not-allowed`, `bulk-path-not-allowed`, `link-mismatch`,
 *   `password-list-missing`, `password-list-exhausted`, `device-unreachable` (a device with a password list takes no plain requests)
 * @spec X1 U11 U12 U15 U18 P1
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
  const link = context.linkOf(deviceId);
  const scheme = schemeOf(link, context.orderedBy, context.device.bulkPathKind, order.policy);
  if (scheme.credential === 'one-time-password') requireSameLink(context.device, scheme.tls);
  if (scheme.credential === 'password-list') {
    context.requirePasswords(deviceId);
    if (context.device.plainPath === undefined) {
      throw updateError('device-unreachable', `${deviceId} has no place to be told that a password is used`);
    }
  }
  const rotations = order.keyRotations?.record ?? [];
  return {
    jobId: requestId,
    deviceId,
    updaterId: context.updaterId,
    signedManifest: order.signedManifest,
    manifest,
    deadline: after(context.now, Seconds(order.deadlineSeconds)),
    policy: withOverrides(context.policy, order.policy),
    scheme,
    ...(rotations.length === 0 ? {} : { keyRotations: rotations }),
    ...(order.signedTime === undefined ? {} : { signedTime: order.signedTime }),
  };
};

/** Ends that are set up differently may connect all the same, and one of both gives up more than it believes. */
const requireSameLink = ({ deviceId, secureLink }: device.DeviceInformation, tls: TlsMode): void => {
  if (secureLink === undefined || secureLink === tls) return;
  throw updateError(
    'link-mismatch',
    `devices.${deviceId}.tls is ${tls} at the intermediary, secureLink of the device is ${secureLink}`,
  );
};

const withOverrides = (site: UpdaterPolicy, order: device.UpdatePolicy | undefined): UpdaterPolicy => {
  if (order === undefined) return site;
  return {
    ...site,
    ...(order.transferTries === undefined ? {} : { transferTries: order.transferTries }),
    ...(order.restartTimeoutSeconds === undefined
      ? {}
      : { restartTimeout: Seconds(order.restartTimeoutSeconds) }),
  };
};
