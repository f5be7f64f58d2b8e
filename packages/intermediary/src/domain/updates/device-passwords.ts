import { timingSafeEqual } from 'node:crypto';
import type { intermediary } from '@postern/contracts';
import {
  type Clock,
  type Entropy,
  errorCode,
  type Logger,
  type NodeIdentity,
  type RateLimit,
  rateLimiter,
  Seconds,
} from '@postern/core';
import { makeNonce, sharedState, type UpdateJob } from '@postern/software-update';
import { intermediaryError } from '../../errors.ts';
import type { DeviceStore, RegisteredDevice } from '../devices.ts';
import { wireFailure } from '../wire-text.ts';
import type { AdmitAssurance } from './assurance-memory.ts';
import { bulkEndpoint } from './bulk-endpoint.ts';
import type { ErasureNotices } from './erasure-notices.ts';
import { type OrderLocally, panelJobId } from './local-order.ts';
import type { PasswordArrivals } from './password-arrivals.ts';
import type { UpdateStore } from './ports.ts';
import { answerPassword, targetCredential } from './target-password.ts';

export interface DevicePasswordsOptions {
  readonly devices: DeviceStore;
  readonly updates: UpdateStore;
  readonly arrivals: PasswordArrivals;
  readonly erasures: ErasureNotices;
  readonly orderLocally: OrderLocally;
  readonly admitAssurance: AdmitAssurance;
  /** Of a device's orders at its panel. */
  readonly panelLimit: RateLimit;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly logger: Logger;
}

/**
 * What devices say about one-time passwords on the secure path: they order updates at their panels, bring passwords
 * that they made, and tell that they ended one. Only ever a device that has proved its name, and only about itself.
 *
 * @spec U15 U16 U17 U18
 */
export class DevicePasswords {
  readonly #options: DevicePasswordsOptions;
  readonly #withinLimit: (deviceId: string) => boolean;

  constructor(options: DevicePasswordsOptions) {
    this.#options = options;
    this.#withinLimit = rateLimiter(options.clock, options.panelLimit);
  }

  /**
   * Somebody ordered an update at the panel and the intermediary is to make the password (Fig 22 S412).
   *
   * @throws PosternError `not-authorised`, and those of storage; every other refusal is the answer
   */
  request(
    { orderId, component }: intermediary.RequestOneTimePassword,
    peer: NodeIdentity | undefined,
  ): intermediary.RequestOneTimePasswordResponse {
    const deviceId = deviceName(peer);
    try {
      const jobId = panelJobId(deviceId, orderId);
      if (this.#options.updates.get(jobId) === undefined) this.#checkLimit(deviceId);
      const { job } = this.#options.orderLocally('panel', deviceId, {
        jobId,
        policy: { passwordGenerator: 'updater' },
        ...(component === undefined ? {} : { component }),
      });
      return { accepted: true, jobId: job.jobId };
    } catch (error) {
      return { accepted: false, failure: this.#refusal(deviceId, error) };
    }
  }

  /**
   * A device brings a password that it made: because a share asked for it, or as an order from its panel (Fig 23).
   *
   * @throws PosternError `not-authorised`, `device-unknown`, `password-not-expected`, `too-many-orders`,
   *   `assurance-lowered`, and those of {@link OrderLocally}
   */
  store(
    request: intermediary.StoreOneTimePassword,
    peer: NodeIdentity | undefined,
    address: string,
  ): intermediary.StoreOneTimePasswordResponse {
    const device = this.#caller(peer, address);
    return this.#options.arrivals.take(device, request) ?? this.#orderWith(device, request);
  }

  /**
   * The device has ended its password (Fig 24). A job that is not decided needs its password still: such a notice
   * changes nothing here, the next login will be refused.
   *
   * @throws PosternError `not-authorised`
   */
  erased(
    { jobId }: intermediary.EraseOneTimePassword,
    peer: NodeIdentity | undefined,
  ): intermediary.EraseOneTimePasswordResponse {
    const deviceId = deviceName(peer);
    const { updates, erasures } = this.#options;
    const update = updates.get(jobId);
    if (update !== undefined && update.job.deviceId !== deviceId) {
      throw intermediaryError('not-authorised', `The job ${jobId} is another device's`);
    }
    if (update?.state.outcome !== undefined && update.state.phase !== 'finished') {
      erasures.erased(jobId, deviceId);
    }
    return { jobId };
  }

  /** Fig 23: the order and its password in one. Brought again because the answer was lost, it is answered again. */
  #orderWith(
    device: RegisteredDevice,
    request: intermediary.StoreOneTimePassword,
  ): intermediary.StoreOneTimePasswordResponse {
    const { updates, orderLocally, admitAssurance, entropy, logger } = this.#options;
    const { jobId, oneTimePassword } = request;
    const { deviceId, plainPath } = device.information;
    const known = updates.get(jobId);
    if (known === undefined) {
      if (plainPath !== undefined && !jobId.startsWith(PANEL_PREFIX)) throw unexpected(jobId);
      this.#checkLimit(deviceId);
    } else if (known.job.deviceId !== deviceId || known.job.scheme.orderedBy !== 'panel') {
      throw unexpected(jobId);
    }
    const nonce = known?.state.credential?.nonce ?? makeNonce(entropy);
    const begin = (job: UpdateJob) => {
      const target = {
        endpoint: bulkEndpoint(request, device, job.scheme.bulkPathKind),
        manifestChecked: request.manifestChecked ?? false,
        authenticatedReports: request.reportKey !== undefined,
      };
      admitAssurance(deviceId, target);
      return sharedState(targetCredential(job, request, nonce, entropy), target);
    };
    const { job, repeated } = orderLocally('panel', deviceId, {
      jobId,
      policy: { passwordGenerator: 'target' },
      longest: Seconds(request.lifetimeSeconds),
      begin,
    });
    if (repeated && !samePassword(known?.state.credential?.oneTimePassword, oneTimePassword)) {
      throw unexpected(jobId);
    }
    logger.info('An update was ordered at the panel', { device: deviceId, job: jobId, repeated });
    return answerPassword(job, nonce);
  }

  /** The device as it registered, at the address it calls from. */
  #caller(peer: NodeIdentity | undefined, address: string): RegisteredDevice {
    const deviceId = deviceName(peer);
    const device = this.#options.devices.get(deviceId);
    if (device !== undefined) return { ...device, address };
    throw intermediaryError('device-unknown', `No device ${deviceId} has registered here`);
  }

  #checkLimit(deviceId: string): void {
    if (this.#withinLimit(deviceId)) return;
    throw intermediaryError('too-many-orders', 'Too many updates were ordered at the panel');
  }

  #refusal(deviceId: string, error: unknown) {
    const code = errorCode(error, 'internal-error');
    // What could not be stored was not refused: the device is to ask again.
    if (code.startsWith('storage-') || code.startsWith('SQLITE_') || code === 'database-corrupt') throw error;
    const { logger } = this.#options;
    if (code === 'internal-error') logger.error('An order failed unexpectedly', { device: deviceId, error });
    else logger.info('An order from the panel was refused', { device: deviceId, code });
    return wireFailure(error);
  }
}

/**
 * How orders begin that come with a password, from a device that also takes plain requests: such a request may be
 * forged, but not with an identifier that begins so, and must never become an order.
 */
const PANEL_PREFIX = 'panel-';

const unexpected = (jobId: string) =>
  intermediaryError('password-not-expected', `Nobody waits for a password of ${jobId}`);

/** @throws PosternError `not-authorised` */
const deviceName = (peer: NodeIdentity | undefined): string => {
  if (peer?.role === 'device') return peer.name;
  throw intermediaryError(
    'not-authorised',
    'Only a device that proves its name orders an update, brings a password or tells of its end',
  );
};

const samePassword = (known: string | undefined, brought: string): boolean => {
  const [left, right] = [Buffer.from(known ?? ''), Buffer.from(brought)];
  return left.length === right.length && timingSafeEqual(left, right);
};
