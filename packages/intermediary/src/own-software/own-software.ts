import { createFtpServer, type FtpServer } from '@postern/bulk-transfer/ftp-server';
import type { device } from '@postern/contracts';
import { type Clock, type Entropy, errorCode, errorMessage, type Logger } from '@postern/core';
import type { SoapService } from '@postern/soap-rpc';
import {
  type BootedTarget,
  type BulkService,
  confirmStart,
  type TargetPorts,
  UpdateTarget,
  type VendorTrust,
} from '@postern/software-update';
import type { IntermediaryDomain } from '../composition/compose-intermediary.ts';
import type { IntermediaryConfig, OwnSoftwareConfig } from '../config.ts';
import { type DeviceStore, endpointOf } from '../domain/devices.ts';
import { UpdateGate, type UpdateHold } from '../domain/updates/update-gate.ts';
import { intermediaryError } from '../errors.ts';
import { ownDeviceService, type RunningTarget } from './device-service.ts';
import { listenAsBefore } from './keep-port.ts';
import { notifyStart } from './notify-start.ts';
import { type OwnFiles, openOwnFiles } from './own-files.ts';
import { siteIdle } from './site-idle.ts';
import { removeTrialCopy } from './trial-copy.ts';

/** The launcher that has started this process. */
export interface Launch {
  /** Of the installed package. */
  readonly installedVersion: string;
  /** Has started what is in the slots now; this process ends. */
  readonly restart: () => void;
  /** This program has started well. */
  readonly goodStart: () => void;
}

export interface OwnSoftwareParts {
  readonly config: IntermediaryConfig;
  readonly ownSoftware: OwnSoftwareConfig;
  /** This intermediary's name, which is that of the device, too. */
  readonly name: string;
  readonly launch: Launch;
  readonly vendorTrust: VendorTrust;
  readonly devices: DeviceStore;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly logger: Logger;
}

/** The intermediary where it can be reached as a device, once it is ready. */
export interface OwnListeners {
  readonly domain: Pick<IntermediaryDomain, 'scheduler' | 'outgoing'>;
  readonly securePort: number;
  /** Resolves when the node above has answered; at once where there is none. */
  readonly uplinkWorks: Promise<void>;
}

/** Where it reaches itself when it listens on every address. */
const ITSELF = '127.0.0.1';

/**
 * Opens the target that this intermediary is for its own updates. The launcher has decided what runs and has written that
 * down; until the program has proved itself its own updates wait, so that no trial is taken for a success.
 *
 * @throws PosternError `own-software-not-booted`, and those of opening the files
 * @spec U21
 */
export const openOwnSoftware = async (parts: OwnSoftwareParts): Promise<OwnSoftware> => {
  const { config, ownSoftware, launch } = parts;
  const { mostBytes } = ownSoftware;
  const { installedVersion } = launch;
  const files = await openOwnFiles({ dataDir: config.dataDir, mostBytes, installedVersion });
  const record = await files.memory.load();
  if (record === undefined) {
    throw intermediaryError('own-software-not-booted', `${config.dataDir} was not prepared by a launcher`);
  }
  const slot = record.boot.active;
  const contents = (await files.slots.contents(slot)) ?? {};
  return new OwnSoftware(parts, files, { program: 'firmware', slot, contents, record });
};

/** An intermediary in its role as a target. */
export class OwnSoftware {
  /** Holds the own updates back until this program has started well; during a trial all updates. */
  readonly gate: UpdateGate;
  /** The device contract, for the secure listener. */
  readonly service: SoapService;
  readonly #parts: OwnSoftwareParts;
  readonly #files: OwnFiles;
  readonly #booted: BootedTarget;
  readonly #ending = new AbortController();
  readonly #trial: UpdateHold | undefined;
  #bulk: FtpServer | undefined;
  #running: RunningTarget | undefined;

  constructor(parts: OwnSoftwareParts, files: OwnFiles, booted: BootedTarget) {
    const { name, ownSoftware } = parts;
    this.#parts = parts;
    this.#files = files;
    this.#booted = booted;
    this.gate = new UpdateGate([name]);
    // What a trial begins would be lost if the database before it had to come back.
    if (booted.record.boot.phase === 'trial') this.#trial = this.gate.hold(name);
    this.service = ownDeviceService({
      ...parts,
      running: () => this.#running,
      callers: ownSoftware.parent === undefined ? [name] : [name, ownSoftware.parent],
    });
  }

  /**
   * Becomes a target. A program on trial waits for the node above to answer first: one that cannot reach it could never
   * be told to be replaced.
   *
   * @throws PosternError `bulk-listen-failed`, of the disk
   */
  async begin(listeners: OwnListeners): Promise<void> {
    if (this.#booted.record.boot.phase === 'committed') return this.#serve(listeners);
    const { logger, launch } = this.#parts;
    const { signal } = this.#ending;
    void listeners.uplinkWorks
      .then(() => (signal.aborted ? undefined : this.#serve(listeners)))
      .catch((error: unknown) => {
        if (signal.aborted) return;
        const code = errorCode(error, 'internal-error');
        logger.error('The new software does not start well', { code, reason: errorMessage(error) });
        launch.restart();
      });
  }

  async close(): Promise<void> {
    this.#ending.abort();
    this.#running?.target.stop();
    await this.#bulk?.close();
    await this.#files.close();
  }

  /** Only what listens on all its ports has started well. */
  async #serve(listeners: OwnListeners): Promise<void> {
    const { config, clock, logger, ownSoftware, launch } = this.#parts;
    const service: BulkService = {
      login: async (userName, password, peer) => this.#running?.target.login(userName, password, peer),
    };
    const { host, port } = ownSoftware.bulk;
    const bulk = await listenAsBefore(config.dataDir, port, (chosen) =>
      createFtpServer({ service, clock, logger, host, port: chosen }),
    );
    this.#bulk = bulk;
    if (this.#ending.signal.aborted) return bulk.close();
    const ports = this.#targetPorts();
    const target = new UpdateTarget(ports, await confirmStart(ports, this.#booted));
    await removeTrialCopy(config.dataDir);
    const information = this.#information(target, listeners.securePort, bulk.port);
    this.#running = { target, information, startedAt: clock.now() };
    launch.goodStart();
    this.#introduce(listeners, this.#running);
    target.resume();
  }

  /** Registers with itself, and tells the updater of an open job that it is back. */
  #introduce(
    { domain: { scheduler, outgoing } }: OwnListeners,
    { target, information }: RunningTarget,
  ): void {
    const { name, devices, clock, logger } = this.#parts;
    devices.register(information, ITSELF, clock.now());
    outgoing.devicesChanged();
    const bulkPath = endpointOf(information.bulkPath, { address: ITSELF });
    if (bulkPath !== undefined) scheduler.moved(name, bulkPath);
    for (const { mailbox } of scheduler.ofDevice(name)) mailbox.deliverStart('firmware');
    this.#trial?.release();
    this.gate.letGo(name);
    if (information.bulkPath === undefined) return;
    const { signal } = this.#ending;
    const notice = () => target.startNotification();
    void notifyStart({ deviceId: name, bulkPath: information.bulkPath, notice, clock, logger, signal });
  }

  #targetPorts(): TargetPorts {
    const { name, ownSoftware, vendorTrust, launch, clock, logger } = this.#parts;
    const { model, patience } = ownSoftware;
    return {
      clock,
      logger,
      deviceId: name,
      model,
      vendorTrust,
      memory: this.#files.memory,
      slots: this.#files.slots,
      engine: siteIdle({ gate: this.gate, name, patience, clock, logger }),
      restart: launch.restart,
    };
  }

  #information(target: UpdateTarget, securePort: number, bulkPort: number): device.DeviceInformation {
    const { config, ownSoftware, name } = this.#parts;
    return {
      deviceId: name,
      model: ownSoftware.model,
      components: {
        item: Object.entries(target.versions).map(([component, version]) => ({ component, version })),
      },
      bulkPathKind: 'ftp',
      securePath: { host: config.secure.host, port: securePort },
      bulkPath: { host: ownSoftware.bulk.host, port: bulkPort },
      profile: 'intermediary',
      authenticatedReports: true,
    };
  }
}
