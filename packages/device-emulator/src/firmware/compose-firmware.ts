import type { device } from '@postern/contracts';
import type { SoapService } from '@postern/soap-rpc';
import type { BulkService, UpdateTarget } from '@postern/software-update';
import type { FileContents } from '../adapters/files/file-contents.ts';
import type { DeviceMemory } from '../adapters/flash/nv-ram.ts';
import type { EngineControl } from '../control/engine-control.ts';
import type { PlaceCall, SystemControl } from '../control/system-control.ts';
import type { DeviceLog } from '../domain/device-log.ts';
import { createGate, type Gate } from '../domain/gate.ts';
import { oneExchange } from '../domain/one-exchange.ts';
import type { Panel } from '../domain/panel.ts';
import type { OrderUpdate } from '../program.ts';
import { callersOf } from './authorisation.ts';
import type { InformationSource } from './device-information.ts';
import { createDeviceService, isUpdating } from './device-service.ts';
import type { UseLink } from './intermediary-link.ts';
import { type IntroductionContext, introduce } from './introduce.ts';
import type { RemoteService } from './operations/remote-operations.ts';
import { panelOrders } from './panel-orders.ts';
import { createPlainService } from './plain-path.ts';
import { sendNotices } from './send-notices.ts';
import { showResult } from './show-result.ts';
import { userCalls } from './user-calls.ts';

export interface FirmwareParts extends IntroductionContext {
  readonly target: UpdateTarget;
  readonly engine: EngineControl;
  readonly system: SystemControl;
  readonly nvRam: DeviceMemory;
  readonly panel: Panel;
  readonly log: DeviceLog;
  /** Of the device's files. */
  readonly contents: FileContents;
  /** Switches the device off and on again. */
  readonly restart: () => void;
  readonly information: InformationSource;
  readonly useLink: UseLink;
}

/** The firmware as it is without listeners. */
export interface ComposedFirmware {
  /** The device contract on the secure path. */
  readonly secure: SoapService;
  /** What of it is taken in plain HTTP. */
  readonly plain: SoapService;
  /** The bulk path, whose logins wait for a password that is being handed over: it may be the one they come with. */
  readonly bulk: (service: BulkService) => BulkService;
  readonly orderUpdate: OrderUpdate;
  readonly placeCall: PlaceCall;
  /** Tells the intermediary what waits in NV-RAM and comes to it, until the device goes down. Never rejects. */
  readonly sendNotices: () => Promise<void>;
  /** Registers and notifies the start, until it is accepted or the device goes down. Never rejects. */
  readonly introduce: () => Promise<void>;
}

/** The normal program without its adapters: `startFirmware` gives it listeners, a simulation what it likes. */
export const composeFirmware = (parts: FirmwareParts): ComposedFirmware => {
  const { clock, information, useLink } = parts;
  const service = {
    ...parts,
    ...remoteService(parts),
    callers: callersOf(information.settings),
    handingOver: createGate(),
    exchange: oneExchange<device.CredentialStored>(),
    startedAt: clock.now(),
  } as const;
  return {
    secure: createDeviceService(service),
    plain: createPlainService(service),
    bulk: (bulk) => waitingFor(service.handingOver, bulk),
    orderUpdate: panelOrders(service),
    placeCall: userCalls(service),
    sendNotices: () => sendNotices(parts),
    introduce: () => introduce(parts, useLink, information),
  };
};

/** What the operations that have nothing to do with updates see of the device. */
const remoteService = (parts: FirmwareParts): RemoteService => {
  const { information, engine, system, target, panel } = parts;
  const { id, profile } = information.settings;
  return {
    ...parts,
    deviceId: id,
    profile,
    versions: information.versions,
    startJob: (kind, units) => {
      engine.start(system.jobFor({ kind, units }));
    },
    withAbnormality: (content, code, text) =>
      system.notices.with(content, [{ kind: 'abnormality', code, text }]),
    sendNotices: () => system.notices.wake(),
    show: (line) => panel.show(line),
    showResult: (result) => showResult(system, panel, result),
    updating: () => isUpdating(target),
  };
};

const waitingFor = (gate: Gate, service: BulkService): BulkService => ({
  login: async (userName, password, peer) => {
    await gate.settled();
    return service.login(userName, password, peer);
  },
});
