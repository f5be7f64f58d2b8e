import type { device } from '@postern/contracts';
import { type Logger, type RateLimit, rateLimiter } from '@postern/core';
import { intermediaryError } from '../../errors.ts';
import { type DeviceEndpoint, type DeviceStore, endpointOf } from '../devices.ts';
import type { RequestStore } from '../requests/ports.ts';
import type { DeviceLink } from '../schemes/device-links.ts';
import type { UpdateStore } from '../updates/ports.ts';
import type { UpdateScheduler } from '../updates/scheduler.ts';
import type { Outgoing } from '../uplink/outgoing.ts';
import type { Contacts } from './contacts.ts';
import { type InspectOptions, inspectNamed } from './inspect.ts';
import type { Candidate, CandidateStore } from './ports.ts';
import { requireActive, type Standing, standingOf } from './standing.ts';

export interface AdoptionOptions extends InspectOptions {
  readonly devices: DeviceStore;
  readonly candidates: CandidateStore;
  readonly contacts: Pick<Contacts, 'succeeded'>;
  readonly requests: Pick<RequestStore, 'transaction'>;
  readonly updates: Pick<UpdateStore, 'markCancelled'>;
  readonly scheduler: Pick<UpdateScheduler, 'ofDevice' | 'isCancellable' | 'cancel'>;
  readonly outgoing: Pick<Outgoing, 'devicesChanged'>;
  readonly linkOf: (deviceId: string) => DeviceLink;
  /** `automatic`: whoever registers is active. `confirm`: it is found, until somebody adopts it. */
  readonly mode: 'automatic' | 'confirm';
  readonly mostCandidates: number;
  /** Of registrations of one device that is not adopted: each is written down. */
  readonly registrations: RateLimit;
  /** This intermediary's name. */
  readonly name: string;
  readonly logger: Logger;
}

/** What somebody said of himself, and from where. */
export type Introduction = Pick<Candidate, 'information' | 'address' | 'foundBy'>;

/**
 * Which devices belong to the site. One that was released stays known, so that what its updates owe can still be ended,
 * and is refused until somebody adopts it again; it cannot make itself active by registering.
 *
 * @spec I1 I3
 */
export class Adoption {
  readonly #options: AdoptionOptions;
  readonly #withinLimit: (deviceId: string) => boolean;

  constructor(options: AdoptionOptions) {
    this.#options = options;
    this.#withinLimit = rateLimiter(options.clock, options.registrations);
  }

  standingOf(deviceId: string): Standing {
    return standingOf(this.#options, deviceId);
  }

  /** @throws PosternError `device-unknown` */
  requireKnown(deviceId: string): void {
    if (this.standingOf(deviceId) !== 'unknown') return;
    throw intermediaryError('device-unknown', `No device ${deviceId} was found here`);
  }

  /** @throws PosternError `device-not-active` */
  requireActive(deviceId: string): void {
    requireActive(this.#options, deviceId);
  }

  /**
   * A device has introduced itself on the secure path.
   *
   * @returns whether it is active
   * @throws PosternError `too-many-starts` of one that is not adopted
   */
  registered(information: device.DeviceInformation, address: string): boolean {
    const { mode, devices, clock } = this.#options;
    const { deviceId } = information;
    const standing = this.standingOf(deviceId);
    if (standing !== 'active' && !this.#withinLimit(deviceId)) {
      throw intermediaryError(
        'too-many-starts',
        `Too many registrations of ${deviceId}, which is not adopted`,
      );
    }
    const adopts = mode === 'automatic' && standing !== 'released';
    const active = this.introduced({ information, address, foundBy: 'registration' }, adopts) === 'active';
    // Its updates may owe it an erasure still: it is to be reached where it is now.
    if (standing === 'released') devices.register(information, address, clock.now());
    return active;
  }

  /**
   * Takes up what a device has proved of itself.
   *
   * @param adopts one that is not known, or found before, is adopted; never one that was released
   * @returns what it is from now on
   */
  introduced({ information, address, foundBy }: Introduction, adopts: boolean): Standing {
    const { candidates, mostCandidates, clock, logger } = this.#options;
    const { deviceId } = information;
    const standing = this.standingOf(deviceId);
    if (standing === 'released') return standing;
    if (standing === 'active' || adopts) {
      this.#activate(information, address);
      return 'active';
    }
    candidates.put({ information, address, foundBy, foundAt: clock.now() }, mostCandidates);
    if (standing === 'unknown') {
      logger.info('A device was found; it waits to be adopted', { device: deviceId, foundBy, address });
    }
    return 'found';
  }

  /**
   * Adopts a device: asks it what it is, and registers it as if it had registered itself from there.
   *
   * @param endpoint where it listens; where it was found, or last registered from, unless given
   * @throws PosternError `device-unknown`, `device-unreachable`, `device-mismatch`, `deadline-exceeded`, or those of
   *   {@link inspectNamed}
   */
  async adopt(
    deviceId: string,
    endpoint: DeviceEndpoint | undefined,
    signal: AbortSignal,
  ): Promise<device.DeviceInformation> {
    const { devices, linkOf, logger } = this.#options;
    const configured = devices.get(deviceId);
    if (configured !== undefined && linkOf(deviceId).credential === 'password-list') {
      // It has no TLS to be asked over; its configuration is the operator's own word.
      this.#activate(configured.information, configured.address);
      return configured.information;
    }
    const place = endpoint ?? this.#placeOf(deviceId);
    const information = await inspectNamed(this.#options, deviceId, place, signal);
    this.#activate(information, place.host);
    logger.info('A device was adopted', { device: deviceId, model: information.model, ...place });
    return information;
  }

  /**
   * Gives a device up, or a candidate. Called inside the transaction that records why, if there is one.
   *
   * @returns ends its updates; to be called once what was written is durable
   * @throws PosternError `device-unknown`
   */
  release(deviceId: string): () => void {
    const { devices, candidates, requests, updates, scheduler, outgoing, name, logger } = this.#options;
    const standing = this.standingOf(deviceId);
    if (standing === 'unknown' || deviceId === name) {
      throw intermediaryError('device-unknown', `There is no device ${deviceId} that could be released here`);
    }
    if (standing === 'found') {
      candidates.remove(deviceId);
      return () => {};
    }
    const ended = scheduler.ofDevice(deviceId).filter(({ job }) => scheduler.isCancellable(job.jobId));
    requests.transaction(() => {
      if (standing === 'active') devices.setReleased(deviceId, true);
      for (const { job } of ended) updates.markCancelled(job.jobId);
    });
    return () => {
      logger.info('A device was released', { device: deviceId, endedUpdates: ended.length });
      for (const { job } of ended) scheduler.cancel(job.jobId);
      outgoing.devicesChanged();
    };
  }

  /** What was found and not adopted. */
  candidates(): readonly Candidate[] {
    return this.#options.candidates.all();
  }

  #activate(information: device.DeviceInformation, address: string): void {
    const { devices, candidates, contacts, requests, outgoing, clock } = this.#options;
    const { deviceId } = information;
    requests.transaction(() => {
      devices.register(information, address, clock.now());
      if (this.standingOf(deviceId) === 'released') devices.setReleased(deviceId, false);
      candidates.remove(deviceId);
    });
    contacts.succeeded(deviceId);
    outgoing.devicesChanged();
  }

  #placeOf(deviceId: string): DeviceEndpoint {
    const { devices, candidates } = this.#options;
    const known = devices.get(deviceId) ?? candidates.get(deviceId);
    if (known === undefined)
      throw intermediaryError('device-unknown', `No device ${deviceId} was found here`);
    const place = endpointOf(known.information.securePath, known);
    if (place !== undefined) return place;
    throw intermediaryError('device-unreachable', `${deviceId} did not say where its secure path is`);
  }
}
