import type { device } from '@postern/contracts';
import type { Clock, Duration, Logger } from '@postern/core';
import { intermediaryError } from '../../errors.ts';
import type { Adoption } from '../connections/adoption.ts';
import type { DeviceEndpoint, DeviceStore, RegisteredDevice } from '../devices.ts';
import type { AskLocally } from '../requests/ask-locally.ts';
import type { DeviceSearch } from '../search/device-search.ts';
import type { SearchQuery } from '../search/search.ts';
import { asOrdered } from '../shelf/order-shelf.ts';
import type { ShelfItem, ShelfSource } from '../shelf/ports.ts';
import type { Shelf } from '../shelf/shelf.ts';
import type { BundlePart, SoftwareIntake } from '../shelf/software-intake.ts';
import type { OrderLocally } from '../updates/local-order.ts';
import type { UpdateStore } from '../updates/ports.ts';
import type { UpdateScheduler } from '../updates/scheduler.ts';
import type { SiteTrust } from '../vendor-trust.ts';
import { eachDevice } from './each-device.ts';
import { followSearch, type SearchEvent } from './follow-search.ts';
import { followUpdate } from './follow-update.ts';
import type { LiveUpdates } from './live-updates.ts';
import type { UpdateHistory } from './ports.ts';
import type { PlannedTask, Schedule } from './schedule.ts';
import { type StepView, stepView, type UpdateEvent, type UpdateView, updateView } from './update-view.ts';

export interface SiteOperationsOptions {
  readonly name: string;
  /** Where the node above is. */
  readonly uplink: string | undefined;
  readonly devices: DeviceStore;
  readonly updates: UpdateStore;
  readonly history: UpdateHistory;
  readonly scheduler: UpdateScheduler;
  readonly shelf: Shelf;
  readonly intake: SoftwareIntake;
  readonly trust: SiteTrust;
  readonly schedule: Schedule;
  readonly live: LiveUpdates;
  readonly orderLocally: OrderLocally;
  readonly adoption: Adoption;
  readonly search: DeviceSearch;
  readonly connections: () => readonly device.Connection[];
  /** Answers and deliveries that wait for the node above. */
  readonly waitingAbove: () => number;
  readonly ask: AskLocally;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** How the site is. */
export interface SiteStatus {
  readonly name: string;
  readonly uplink: string | null;
  readonly waitingAbove: number;
  readonly devices: number;
  readonly openUpdates: number;
  readonly software: number;
  /** 0 until a key rotation was followed. */
  readonly vendorTrustSequence: number;
  readonly vendorKeys: readonly string[];
}

/** One update with its journal. */
export interface UpdateDetails extends UpdateView {
  readonly journal: readonly StepView[];
}

/** What an order says. */
export interface OperatorOrder {
  readonly deviceId: string;
  /** Identifier or name of software on the shelf; the newest for the device unless given. */
  readonly software?: string;
  readonly deadline?: Duration;
}

const SHOWN_UPDATES = 100;

/**
 * What people at the site may see and do: the operation port and the stand-alone tool are made of it.
 *
 * @spec I4 U20
 */
export class SiteOperations {
  readonly #options: SiteOperationsOptions;

  constructor(options: SiteOperationsOptions) {
    this.#options = options;
  }

  status(): SiteStatus {
    const { name, uplink, shelf, trust, scheduler, waitingAbove } = this.#options;
    const { sequence, keys } = trust.current();
    return {
      name,
      uplink: uplink ?? null,
      waitingAbove: waitingAbove(),
      devices: this.devices().filter(({ released }) => !released).length,
      openUpdates: scheduler.openCount,
      software: shelf.items().length,
      vendorTrustSequence: sequence,
      vendorKeys: [...keys.keys()],
    };
  }

  devices(): readonly RegisteredDevice[] {
    return [...eachDevice(this.#options.devices)];
  }

  /** @throws PosternError as {@link Adoption.adopt} */
  adopt(
    deviceId: string,
    endpoint: DeviceEndpoint | undefined,
    signal: AbortSignal,
  ): Promise<device.DeviceInformation> {
    return this.#options.adoption.adopt(deviceId, endpoint, signal);
  }

  /** Gives a device up. @throws PosternError `device-unknown` */
  release(deviceId: string): void {
    this.#options.adoption.release(deviceId)();
  }

  /** The devices of the site and how each was heard of last, then those that were found and not adopted. */
  connections(): readonly device.Connection[] {
    return this.#options.connections();
  }

  /**
   * Searches for devices, or joins the same search under way.
   *
   * @throws PosternError as {@link DeviceSearch.start}: what is wrong with the query at once
   */
  searchDevices(query: SearchQuery, signal: AbortSignal): AsyncGenerator<SearchEvent> {
    return followSearch(this.#options.search, query, signal);
  }

  software(): readonly ShelfItem[] {
    return this.#options.shelf.items();
  }

  /** @throws PosternError as {@link SoftwareIntake.take} */
  import(parts: AsyncIterable<BundlePart>, source: ShelfSource, signal: AbortSignal): Promise<ShelfItem> {
    return this.#options.intake.take(parts, source, signal);
  }

  /** @throws PosternError `software-unknown` */
  removeSoftware(wanted: string): ShelfItem {
    return this.#options.shelf.remove(wanted);
  }

  /**
   * Orders an update.
   *
   * @throws PosternError `software-unknown`, `no-software`, `update-already-open`, or why the order is refused
   */
  order({ deviceId, software, deadline }: OperatorOrder): UpdateView {
    const { shelf, trust, orderLocally } = this.#options;
    const { job } = orderLocally('operation-port', deviceId, {
      ...(software === undefined ? {} : { software: asOrdered(shelf.get(software), trust) }),
      ...(deadline === undefined ? {} : { deadline }),
    });
    return this.update(job.jobId);
  }

  /** The newest updates, newest first. */
  updates(): readonly UpdateView[] {
    const { history, updates } = this.#options;
    return history.newest(SHOWN_UPDATES).flatMap((jobId) => {
      const stored = updates.get(jobId);
      return stored === undefined ? [] : [updateView(stored)];
    });
  }

  /** @throws PosternError `update-unknown` */
  update(jobId: string): UpdateDetails {
    const { updates } = this.#options;
    const stored = updates.get(jobId);
    if (stored === undefined) throw intermediaryError('update-unknown', `There is no update ${jobId}`);
    return { ...updateView(stored), journal: updates.journal(jobId).map(stepView) };
  }

  /** @throws PosternError `update-unknown`, and as {@link followUpdate} */
  follow(jobId: string, after: number, signal: AbortSignal): AsyncGenerator<UpdateEvent> {
    this.update(jobId);
    return followUpdate(this.#options, jobId, after, signal);
  }

  /**
   * Calls an update off, whoever ordered it.
   *
   * @returns false when it is too late for that
   * @throws PosternError `update-unknown`
   */
  cancel(jobId: string): boolean {
    const { updates, scheduler } = this.#options;
    this.update(jobId);
    if (!scheduler.isCancellable(jobId)) return false;
    updates.markCancelled(jobId);
    scheduler.cancel(jobId);
    return true;
  }

  /** Carries a request out here and now. @throws PosternError why not, the device's own code included */
  request(...asked: Parameters<AskLocally>): ReturnType<AskLocally> {
    return this.#options.ask(...asked);
  }

  planned(): readonly PlannedTask[] {
    return this.#options.schedule.planned();
  }

  /** @throws PosternError `schedule-invalid` */
  setSchedule(entries: readonly device.ScheduleEntry[]): readonly PlannedTask[] {
    const { schedule } = this.#options;
    schedule.set(entries);
    schedule.start();
    return schedule.planned();
  }
}
