import type { device } from '@postern/contracts';
import type { Instant } from '@postern/core';
import type { Standing } from '../../domain/connections/standing.ts';
import type { RegisteredDevice } from '../../domain/devices.ts';
import type { SearchEvent } from '../../domain/local/follow-search.ts';
import type { PlannedTask } from '../../domain/local/schedule.ts';
import type { UpdateDetails } from '../../domain/local/site-operations.ts';
import type { StepView, UpdateEvent, UpdateView } from '../../domain/local/update-view.ts';
import type { FoundDevice, SearchResult } from '../../domain/search/search.ts';
import type { ShelfItem } from '../../domain/shelf/ports.ts';

/** Times as ISO 8601, the rest as it is. */
type Wire<T, Times extends keyof T> = Omit<T, Times> & { readonly [K in Times]: string };

/** A device as the operation port tells of it. */
export interface WireDevice {
  readonly id: string;
  readonly model: string;
  readonly address: string;
  readonly bulkPathKind: string;
  readonly components: readonly { readonly component: string; readonly version: string }[];
  readonly lastContact: string;
  /** False once it was released. */
  readonly active: boolean;
}

/** How a device is connected, as the operation port tells of it. */
export interface WireConnection {
  readonly id: string;
  readonly state: device.ConnectionState;
  readonly address: string | null;
  readonly lastContact: string | null;
  /** The intermediary below this one through which it is reached. */
  readonly below: string | null;
}

/** A device that a search has found. */
export interface WireFoundDevice {
  readonly id: string;
  readonly model: string;
  readonly address: string;
  readonly port: number;
  /** What it is to the site now. */
  readonly standing: Standing;
}

/** What a follower of a search is told. */
export type WireSearchEvent =
  | Extract<SearchEvent, { type: 'progress' | 'failed' }>
  | {
      readonly type: 'finished';
      readonly result: Omit<SearchResult, 'devices'> & { readonly devices: readonly WireFoundDevice[] };
    };

/** Software on the shelf as the operation port tells of it. */
export interface WireSoftware {
  readonly id: string;
  readonly software: string;
  readonly model: string;
  readonly source: string;
  readonly addedAt: string;
  readonly expires: string;
  readonly components: readonly {
    readonly name: string;
    readonly version: string;
    readonly length: number;
    readonly releaseCounter: number;
  }[];
}

export type WireUpdate = Wire<UpdateView, 'deadline'>;
export type WireStep = Wire<StepView, 'at'>;
export type WireUpdateDetails = WireUpdate & { readonly journal: readonly WireStep[] };
export type WirePlannedTask = Wire<PlannedTask, 'due'>;
export type WireEvent =
  | { readonly type: 'step'; readonly step: WireStep }
  | Extract<UpdateEvent, { type: 'progress' }>
  | { readonly type: 'finished'; readonly update: WireUpdate };

const iso = (at: Instant): string => new Date(at).toISOString();

export const wireDevice = ({
  information,
  address,
  lastContact,
  released,
}: RegisteredDevice): WireDevice => ({
  id: information.deviceId,
  model: information.model,
  address,
  bulkPathKind: information.bulkPathKind,
  components: information.components.item,
  lastContact: iso(lastContact),
  active: !released,
});

export const wireConnection = ({
  deviceId: id,
  state,
  address,
  lastContact,
  below,
}: device.Connection): WireConnection => ({
  id,
  state,
  address: address ?? null,
  lastContact: lastContact === undefined ? null : iso(lastContact),
  below: below ?? null,
});

export const wireSearchEvent = (event: SearchEvent): WireSearchEvent => {
  if (event.type !== 'finished') return event;
  const devices = event.result.devices.map(wireFound);
  return { type: 'finished', result: { ...event.result, devices } };
};

const wireFound = ({ information, standing }: FoundDevice): WireFoundDevice => ({
  id: information.deviceId,
  model: information.model,
  address: information.securePath?.host ?? '',
  port: information.securePath?.port ?? 0,
  standing,
});

export const wireSoftware = ({ id, manifest, source, addedAt }: ShelfItem): WireSoftware => ({
  id,
  software: manifest.software,
  model: manifest.model,
  source,
  addedAt: iso(addedAt),
  expires: iso(manifest.expires),
  components: manifest.components.map(({ name, version, length, releaseCounter }) => ({
    name,
    version,
    length,
    releaseCounter,
  })),
});

export const wireUpdate = (update: UpdateView): WireUpdate => ({ ...update, deadline: iso(update.deadline) });

export const wireDetails = (update: UpdateDetails): WireUpdateDetails => ({
  ...wireUpdate(update),
  journal: update.journal.map(wireStep),
});

export const wirePlanned = (task: PlannedTask): WirePlannedTask => ({ ...task, due: iso(task.due) });

export const wireEvent = (event: UpdateEvent): WireEvent => {
  if (event.type === 'step') return { type: 'step', step: wireStep(event.step) };
  return event.type === 'finished' ? { type: 'finished', update: wireUpdate(event.update) } : event;
};

const wireStep = (step: StepView): WireStep => ({ ...step, at: iso(step.at) });
