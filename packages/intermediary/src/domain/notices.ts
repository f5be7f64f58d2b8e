import type { intermediary } from '@postern/contracts';
import type { Clock, Logger, NodeIdentity } from '@postern/core';
import { intermediaryError } from '../errors.ts';
import { type DeviceStore, endpointOf } from './devices.ts';
import { type RateLimit, rateLimiter } from './requests/rate-limit.ts';
import type { UpdateScheduler } from './updates/scheduler.ts';
import { judgeStart } from './updates/start-notice.ts';
import type { Outgoing } from './uplink/outgoing.ts';

export interface NoticesOptions {
  readonly devices: DeviceStore;
  readonly scheduler: UpdateScheduler;
  readonly outgoing: Outgoing;
  readonly clock: Clock;
  readonly logger: Logger;
  /** This intermediary's name. */
  readonly name: string;
  /** Of a device's start notifications that nothing proves. */
  readonly unprovedLimit: RateLimit;
}

/**
 * What devices say on their own accord. Everything that is kept comes over mutual TLS; what comes without may wake a
 * running update and nothing else. In particular no address is ever learned from it: the one-time password goes where
 * an authenticated message said, or nowhere.
 *
 * @spec U6 X2
 */
export class Notices {
  readonly #options: NoticesOptions;
  readonly #withinLimit: (deviceId: string) => boolean;

  constructor(options: NoticesOptions) {
    this.#options = options;
    this.#withinLimit = rateLimiter(options.clock, options.unprovedLimit);
  }

  /** @throws PosternError `not-authorised` */
  register(
    { device }: intermediary.Register,
    peer: NodeIdentity | undefined,
    address: string,
  ): intermediary.RegisterResponse {
    const { devices, scheduler, outgoing, clock, logger, name } = this.#options;
    checkName(peer, device.deviceId);
    devices.register(device, address, clock.now());
    const bulkPath = endpointOf(device.bulkPath, { address });
    if (bulkPath !== undefined) scheduler.moved(device.deviceId, bulkPath);
    outgoing.devicesChanged();
    logger.info('A device has registered', { device: device.deviceId, model: device.model, address });
    return { active: true, intermediaryId: name };
  }

  /**
   * A start notification that mutual TLS proves.
   *
   * @throws PosternError `not-authorised`
   */
  provedStart(notice: intermediary.NotifyStart, peer: NodeIdentity | undefined, address: string): void {
    const { scheduler } = this.#options;
    checkName(peer, notice.deviceId);
    const bulkPath = endpointOf(notice.bulkPath, { address });
    if (bulkPath !== undefined) scheduler.moved(notice.deviceId, bulkPath);
    for (const { mailbox } of scheduler.ofDevice(notice.deviceId)) mailbox.deliverStart(notice.program);
  }

  /**
   * A start notification from the plain listener: from the device, or from anybody else on the network.
   *
   * @throws PosternError `device-unknown`, `too-many-starts`
   */
  claimedStart(notice: intermediary.NotifyStart): void {
    const { devices, scheduler, logger } = this.#options;
    const { deviceId, program } = notice;
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
}

/** A device speaks for itself only. */
const checkName = (peer: NodeIdentity | undefined, deviceId: string): void => {
  if (peer?.role === 'device' && peer.name === deviceId) return;
  throw intermediaryError('not-authorised', `The certificate is not that of ${deviceId}`);
};
