import type { TLSSocket } from 'node:tls';
import { Milliseconds, PosternError } from '@postern/core';
import { type EnrolledNode, openNodeIdentity, peerIdentity, serverTlsOptions } from '@postern/pki';
import { createSoapListener, type SoapListener, type SoapService } from '@postern/soap-rpc';
import type { UpdateTarget } from '@postern/software-update';
import { openBulkServer } from '../adapters/bulk-server.ts';
import type { Engine } from '../adapters/engine.ts';
import { listenAtOwnPort } from '../adapters/keep-address.ts';
import { announce } from '../announce.ts';
import type { DeviceSettings } from '../device-settings.ts';
import type { ProgramContext, RunningProgram } from '../program.ts';
import type { InformationSource } from './device-information.ts';
import { createDeviceService } from './device-service.ts';
import { intermediaryNotices } from './intermediary-notices.ts';

export interface FirmwareContext extends ProgramContext {
  readonly target: UpdateTarget;
  readonly engine: Engine;
}

/** A device has one intermediary, which needs few connections. */
const LISTENER_LIMITS = {
  bodyBytes: 256 * 1_024,
  connections: 16,
  // A device that goes down takes its connections with it.
  closeTimeout: Milliseconds(0),
};

/** The normal program: secure path, bulk path, and the notices to the intermediary. */
export const startFirmware = async (
  settings: DeviceSettings,
  context: FirmwareContext,
): Promise<RunningProgram> => {
  const { clock, logger, target, engine, nvRam } = context;
  const node = await ownIdentity(settings, context);
  const ftp = await openBulkServer(settings.ftp, context);
  const ports = { soap: 0, ftp: ftp.port };
  const information: InformationSource = {
    settings,
    versions: () => target.versions,
    soapPort: () => ports.soap,
    ftpPort: () => ports.ftp,
  };
  const startedAt = clock.now();
  const service = createDeviceService({ target, clock, information, engine, nvRam, logger, startedAt });
  const soap = await openSecurePath(settings, context, node, service).catch(async (error: unknown) => {
    await ftp.close();
    throw error;
  });
  ports.soap = soap.port;
  const announcing = introduce(settings, context, node, information);
  return {
    ftpPort: ftp.port,
    soapPort: soap.port,
    stop: async () => {
      await Promise.all([ftp.close(), soap.close(), announcing]);
    },
  };
};

/** @spec A1 */
const openSecurePath = (
  { soap }: DeviceSettings,
  context: FirmwareContext,
  node: EnrolledNode,
  service: SoapService,
): Promise<SoapListener> =>
  listenAtOwnPort('soap', soap, context, ({ host, port }) =>
    createSoapListener({
      services: { '/device': service },
      tls: serverTlsOptions(node, { clientAuthentication: 'required' }),
      host,
      port,
      clock: context.clock,
      logger: context.logger,
      limits: LISTENER_LIMITS,
      peerIdentity: (socket) => peerIdentity(socket as TLSSocket),
    }),
  );

/** Registers and notifies the start; the connection is closed when both are accepted. */
const introduce = async (
  { intermediary }: DeviceSettings,
  context: FirmwareContext,
  node: EnrolledNode,
  information: InformationSource,
): Promise<void> => {
  const { clock, signal, startNotification, onAnnounced } = context;
  const notices = intermediaryNotices({ node, intermediary, information, clock });
  try {
    await announce('The registration', context, signal, (bounded) => notices.register(bounded));
    await announce('The start notification', context, signal, async (bounded) => {
      const notification = startNotification();
      if (notification === undefined) return;
      await notices.notifyStart(notification, bounded);
      onAnnounced();
    });
  } finally {
    await notices.close();
  }
};

const ownIdentity = async (settings: DeviceSettings, { clock }: ProgramContext): Promise<EnrolledNode> => {
  const node = await openNodeIdentity({ directory: settings.identityDirectory, clock });
  const { role, name } = node.identity;
  if (role === 'device' && name === settings.id) return node;
  throw new PosternError('identity-unexpected', `The identity of ${settings.id} is that of ${role} ${name}`, {
    hint: 'Give each device a bundle of its own.',
  });
};
