import type { device } from '@postern/contracts';
import { type Closers, createClosers } from '@postern/core';
import type { EnrolledNode } from '@postern/pki';
import type { BulkService, UpdateTarget } from '@postern/software-update';
import { openBulkServer } from '../adapters/bulk-server.ts';
import type { Engine } from '../adapters/engine.ts';
import type { DeviceSettings } from '../device-settings.ts';
import { createGate, type Gate } from '../domain/gate.ts';
import { oneExchange } from '../domain/one-exchange.ts';
import type { Panel } from '../domain/panel.ts';
import type { BulkServer, ProgramContext, RunningProgram } from '../program.ts';
import { callersOf } from './authorisation.ts';
import type { InformationSource } from './device-information.ts';
import { createDeviceService } from './device-service.ts';
import { linkUser } from './intermediary-link.ts';
import { introduce } from './introduce.ts';
import { openPlainPath, openSecurePath } from './listeners.ts';
import { panelOrders } from './panel-orders.ts';
import { createPlainService } from './plain-path.ts';

export interface FirmwareContext extends ProgramContext {
  readonly node: EnrolledNode;
  readonly target: UpdateTarget;
  readonly engine: Engine;
  readonly panel: Panel;
  /** Only of a device without a clock; drawn at this start. */
  readonly freshnessNonce: string | undefined;
}

/** The normal program: secure path, bulk path, plain path where there is one, and the calls to the intermediary. */
export const startFirmware = async (
  settings: DeviceSettings,
  context: FirmwareContext,
): Promise<RunningProgram> => {
  const { clock, entropy, logger, signal, target, engine, nvRam, panel, node } = context;
  const closers = createClosers();
  const open: { bulk?: BulkServer; soap?: Listener; plain?: Listener } = {};
  const information: InformationSource = {
    settings,
    versions: () => target.versions,
    soapPort: () => open.soap?.port ?? 0,
    ftpPort: () => open.bulk?.port ?? 0,
    plainPort: () => open.plain?.port,
    bulkHostKey: () => open.bulk?.fingerprint,
    freshnessNonce: context.freshnessNonce,
  };
  const useLink = linkUser({ node, information, clock });
  const service = {
    ...{ target, clock, entropy, logger, signal, engine, nvRam, panel, information, useLink },
    callers: callersOf(settings),
    handingOver: createGate(),
    exchange: oneExchange<device.CredentialStored>(),
    startedAt: clock.now(),
  } as const;
  try {
    open.bulk = await kept(
      closers,
      openBulkServer(settings.ftp, {
        ...context,
        service: waitingFor(service.handingOver, context.service),
      }),
    );
    open.soap = await kept(closers, openSecurePath(settings, node, context, createDeviceService(service)));
    if (settings.plain !== undefined) {
      open.plain = await kept(closers, openPlainPath(settings.plain, context, createPlainService(service)));
    }
  } catch (error) {
    await closers.close();
    throw error;
  }
  const announcing = introduce(context, useLink, information);
  return {
    ftpPort: open.bulk.port,
    soapPort: open.soap.port,
    ...(open.plain === undefined ? {} : { plainPort: open.plain.port }),
    orderUpdate: panelOrders(service),
    stop: async () => {
      await Promise.all([closers.close(), announcing]);
    },
  };
};

/** The bulk path, whose logins wait for a password that is being handed over: it may be the one they come with. */
const waitingFor = (gate: Gate, service: BulkService): BulkService => ({
  login: async (userName, password, peer) => {
    await gate.settled();
    return service.login(userName, password, peer);
  },
});

interface Listener {
  readonly port: number;
  close(): Promise<void>;
}

/** A listener that is closed with the others. */
const kept = async <T extends Listener>(closers: Closers, opening: Promise<T>): Promise<T> => {
  const listener = await opening;
  closers.add(() => listener.close());
  return listener;
};
