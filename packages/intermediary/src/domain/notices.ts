import type { intermediary } from '@postern/contracts';
import {
  type Clock,
  type Logger,
  type NodeIdentity,
  PosternError,
  type RateLimit,
  rateLimiter,
} from '@postern/core';
import { type IntermediaryCode, intermediaryError } from '../errors.ts';
import type { OwnPlacements } from './cascade/own-placements.ts';
import type { Adoption } from './connections/adoption.ts';
import { type DeviceStore, endpointOf, type RegisteredDevice } from './devices.ts';
import { type DeviceLink, provesNothing } from './schemes/device-links.ts';
import type { UpdateScheduler } from './updates/scheduler.ts';
import { judgeStart } from './updates/start-notice.ts';

export interface NoticesOptions {
  readonly devices: DeviceStore;
  readonly adoption: Pick<Adoption, 'registered' | 'requireActive'>;
  readonly placed: Pick<OwnPlacements, 'registered' | 'requireFree'>;
  readonly scheduler: UpdateScheduler;
  readonly clock: Clock;
  readonly logger: Logger;
  /** This intermediary's name. */
  readonly name: string;
  /** Of what a device says that nothing proves: start notifications, and registrations without a certificate. */
  readonly unprovedLimit: RateLimit;
  readonly linkOf: (deviceId: string) => DeviceLink;
  /** A device that proved its name has registered. @param before what was known of it */
  readonly onRegistered: (device: RegisteredDevice, before: RegisteredDevice | undefined) => void;
}

/** Unless a certificate proves it, no further device is believed to exist at a site of this many. */
const MOST_DEVICES = 1_000;

/**
 * What devices say on their own accord. Everything that is kept comes over TLS, from a device that proves its name or
 * is configured as one that cannot (A2); what comes without TLS may wake a running update and nothing else. In
 * particular no address is ever learned from it.
 *
 * @spec U6 X2 A2
 */
export class Notices {
  readonly #options: NoticesOptions;
  readonly #withinLimit: (deviceId: string) => boolean;

  constructor(options: NoticesOptions) {
    this.#options = options;
    this.#withinLimit = rateLimiter(options.clock, options.unprovedLimit);
  }

  /**
   * @throws PosternError `not-authorised`; without a certificate also `too-many-starts`, `too-many-devices`; of a device
   *   that is not adopted `too-many-starts`
   */
  register(
    { device, placement }: intermediary.Register,
    peer: NodeIdentity | undefined,
    address: string,
  ): intermediary.RegisterResponse {
    const { devices, placed, adoption, scheduler, logger, name, onRegistered } = this.#options;
    const proved = this.#isProved(device.deviceId, peer);
    if (!proved) {
      this.#checkUnproved(device.deviceId);
      placed.requireFree(device.deviceId);
    }
    const before = devices.get(device.deviceId);
    const active = adoption.registered(device, address);
    if (active) placed.registered(device.deviceId, placement);
    const registered = devices.get(device.deviceId);
    if (proved && active && registered !== undefined) onRegistered(registered, before);
    const bulkPath = endpointOf(device.bulkPath, { address });
    if (bulkPath !== undefined) scheduler.moved(device.deviceId, bulkPath);
    logger.info('A device has registered', { device: device.deviceId, model: device.model, address, active });
    return { active, intermediaryId: name };
  }

  /**
   * A start notification over TLS. From a device that cannot prove its name it is worth what one in plain HTTP is.
   *
   * @throws PosternError `not-authorised`, `device-not-active`; without a certificate also those of {@link claimedStart}
   */
  secureStart(notice: intermediary.NotifyStart, peer: NodeIdentity | undefined, address: string): void {
    const { scheduler } = this.#options;
    if (!this.#isProved(notice.deviceId, peer)) {
      this.claimedStart(notice);
      return;
    }
    this.#requireConcerned(notice.deviceId);
    const bulkPath = endpointOf(notice.bulkPath, { address });
    if (bulkPath !== undefined) scheduler.moved(notice.deviceId, bulkPath);
    for (const { mailbox } of scheduler.ofDevice(notice.deviceId)) mailbox.deliverStart(notice.program);
  }

  /**
   * A start notification from the plain listener: from the device, or from anybody else on the network.
   *
   * @throws PosternError `device-unknown`, `device-not-active`, `too-many-starts`
   */
  claimedStart(notice: intermediary.NotifyStart): void {
    const { devices, scheduler, logger } = this.#options;
    const { deviceId, program } = notice;
    this.#requireConcerned(deviceId);
    const updates = scheduler.ofDevice(deviceId);
    const verdicts = updates.map((update) => ({
      update,
      verdict: judgeStart(notice, update.job, update.state),
    }));
    if (!verdicts.some(({ verdict }) => verdict === 'proved')) {
      if (devices.get(deviceId) === undefined) {
        throw intermediaryError('device-unknown', 'No such device has registered here');
      }
      if (!this.#withinLimit(deviceId)) {
        throw intermediaryError('too-many-starts', 'Too many start notifications of this device');
      }
    }
    for (const { update, verdict } of verdicts) {
      if (verdict !== 'suspicious') update.mailbox.deliverStart(program);
      else
        logger.warn('A start notification is not proved; it is ignored', {
          device: deviceId,
          job: update.job.jobId,
        });
    }
  }

  /**
   * For everything that only a device of the site may say.
   *
   * @throws PosternError `device-not-active`
   */
  requireAdopted(deviceId: string): void {
    this.#options.adoption.requireActive(deviceId);
  }

  /**
   * Whether the caller has proved to be this device. A device speaks for itself only, and only one whose link is
   * configured so may speak without a proof.
   *
   * @throws PosternError `not-authorised`
   */
  #isProved(deviceId: string, peer: NodeIdentity | undefined): boolean {
    if (peer?.role === 'device' && peer.name === deviceId) return true;
    if (peer === undefined && provesNothing(this.#options.linkOf(deviceId))) return false;
    throw peer === undefined
      ? new PosternError<IntermediaryCode>('not-authorised', `The caller does not prove to be ${deviceId}`, {
          hint: `devices.${deviceId}.tls here and secureLink of the device must say the same; one that presents no certificate is intermediary-authenticated.`,
        })
      : intermediaryError('not-authorised', `The certificate is not that of ${deviceId}`);
  }

  /**
   * An update that was under way when its device was released needs to hear of its start to come to an end.
   *
   * @throws PosternError `device-not-active`
   */
  #requireConcerned(deviceId: string): void {
    if (this.#options.scheduler.ofDevice(deviceId).length === 0) this.requireAdopted(deviceId);
  }

  #checkUnproved(deviceId: string): void {
    const { devices } = this.#options;
    // Counted apart: whoever forges start notifications keeps no device from registering.
    if (!this.#withinLimit(`register ${deviceId}`)) {
      throw intermediaryError('too-many-starts', 'Too many registrations of this device');
    }
    if (devices.get(deviceId) !== undefined) return;
    if (devices.changedSince(0, MOST_DEVICES).length >= MOST_DEVICES) {
      throw intermediaryError('too-many-devices', 'Nothing proves that this device exists');
    }
  }
}
