import type { StepObserver } from '@postern/contracts';
import type { Clock, Entropy, Logger, LogRing } from '@postern/core';
import type { PlacementTrust } from '@postern/pki';
import type { BulkPath, SecurePath, VendorTrust } from '@postern/software-update';
import type { IntermediaryConfig } from '../config.ts';
import type { ShowResult } from '../domain/below/panel-results.ts';
import type { SaidStore } from '../domain/below/ports.ts';
import type { BelowStore, PassingStore, PlacementStore } from '../domain/cascade/ports.ts';
import type { InspectDevice } from '../domain/connections/inspect.ts';
import type { CandidateStore } from '../domain/connections/ports.ts';
import type { DeviceStore } from '../domain/devices.ts';
import type { DownloadImage, ImageFiles } from '../domain/images/ports.ts';
import type { LogMarks, UpdateHistory } from '../domain/local/ports.ts';
import type { ScheduleStore } from '../domain/local/schedule.ts';
import type { MailStore } from '../domain/mail/ports.ts';
import type { MarkPasswordUsed } from '../domain/password-lists/listed-passwords.ts';
import type { PasswordListStore } from '../domain/password-lists/ports.ts';
import type { DeviceCall } from '../domain/requests/ask-device.ts';
import type { RequestStore } from '../domain/requests/ports.ts';
import type { FindOnNetwork, ProbeAddress } from '../domain/search/ports.ts';
import type { SettingStore } from '../domain/settings/site-settings.ts';
import type { ShelfStore } from '../domain/shelf/ports.ts';
import type { DeviceRooms } from '../domain/updates/device-rooms.ts';
import type { UpdateStore } from '../domain/updates/ports.ts';
import type { UpdateGate } from '../domain/updates/update-gate.ts';
import type { DeliverExchange } from '../domain/uplink/deliveries.ts';
import type { DeliveryStore } from '../domain/uplink/delivery-store.ts';
import type { PollExchange } from '../domain/uplink/uplink-loop.ts';
import type { RotationStore } from '../domain/vendor-trust.ts';

/** What an intermediary keeps. All but the images are synchronous and durable on return. */
export interface IntermediaryStores {
  readonly requests: RequestStore;
  readonly deliveries: DeliveryStore;
  readonly said: SaidStore;
  readonly updates: UpdateStore;
  readonly history: UpdateHistory;
  readonly devices: DeviceStore;
  readonly candidates: CandidateStore;
  readonly below: BelowStore;
  readonly passing: PassingStore;
  readonly placements: PlacementStore;
  readonly passwordLists: PasswordListStore;
  readonly shelf: ShelfStore;
  readonly rotations: RotationStore;
  readonly schedule: ScheduleStore;
  readonly logMarks: LogMarks;
  readonly settings: SettingStore;
  readonly mail: MailStore;
  readonly images: ImageFiles;
  /** A credential is to leave the files. */
  readonly forget: () => void;
}

/** The node above. */
export interface UplinkOutside {
  readonly poll: PollExchange;
  readonly deliver: DeliverExchange;
  readonly download: DownloadImage;
}

/** The network of the site, for whoever looks for devices. */
export interface SearchOutside {
  readonly findOnNetwork: FindOnNetwork;
  readonly probeAddress: ProbeAddress;
}

/** Everything an intermediary reaches outside of its process. */
export interface IntermediaryOutside {
  /** Absent where the site works alone; goes with `uplink` of the configuration. */
  readonly uplink?: UplinkOutside;
  readonly callDevice: DeviceCall;
  readonly inspectDevice: InspectDevice;
  /** Absent where nobody searches for devices. */
  readonly search?: SearchOutside;
  readonly securePath: SecurePath;
  readonly showResult: ShowResult;
  /** Absent where no device has a password list. */
  readonly markPasswordUsed?: MarkPasswordUsed;
  /** Shared with the secure path; of its own where that needs none. */
  readonly rooms?: DeviceRooms;
  readonly bulkPath: BulkPath;
}

export interface IntermediaryParts {
  readonly config: IntermediaryConfig;
  /** This intermediary's name. */
  readonly name: string;
  readonly stores: IntermediaryStores;
  /** What the operator pinned; rotations are in the stores. */
  readonly vendorTrust: VendorTrust;
  readonly outside: IntermediaryOutside;
  /** Whose certificates make a device's word on where it is count; absent where none does. */
  readonly placementTrust?: PlacementTrust;
  /** What of the updates may begin or go on; everything unless given. */
  readonly gate?: UpdateGate;
  /** The newest lines of its log; none unless given. */
  readonly log?: LogRing;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly logger: Logger;
  /** Told of the steps of requests, calls and updates; nobody unless given. */
  readonly onStep?: StepObserver | undefined;
}
