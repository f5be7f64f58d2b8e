import type { TLSSocket } from 'node:tls';
import { createFtpServer } from '@postern/bulk-transfer';
import {
  type device,
  deviceContract,
  type IntermediaryOperations,
  intermediaryContract,
} from '@postern/contracts';
import { type Clock, type Closers, type Entropy, type Logger, PosternError } from '@postern/core';
import { peerIdentity, serverTlsOptions } from '@postern/pki';
import { createSoapListener, createSoapService, type SoapClient } from '@postern/soap-rpc';
import { type TargetAddress, withClient } from '../soap/soap-target.ts';
import type { DeviceConduct } from './device-conduct.ts';
import type { Happenings } from './happenings.ts';
import { deviceAnswers, scripted } from './played-answers.ts';
import { type HeldPassword, PlayedBulk } from './played-bulk.ts';
import { recordedService } from './recorded-service.ts';

export interface PlayedDeviceOptions {
  /** The intermediary's contract for devices, and who calls it: the identity of the device that is played. */
  readonly address: TargetAddress;
  /** Where the intermediary reaches this machine. */
  readonly reach: string;
  /** Where to listen. */
  readonly host: string;
  readonly model: string;
  readonly beyondPatent: boolean;
  readonly happenings: Happenings;
  readonly closers: Closers;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly logger: Logger;
}

/** A device as it is played for an intermediary: what it does is said from outside. */
export interface PlayedDevice {
  readonly id: string;
  readonly model: string;
  /** What happened at it. */
  readonly happenings: Happenings;
  /**
   * Calls the intermediary, for the time of `work`.
   *
   * @param document rewrites the first document on its way out
   */
  call<T>(
    work: (client: SoapClient<IntermediaryOperations>) => Promise<T>,
    document?: (whole: string) => string,
  ): Promise<T>;
  /** How it introduces itself now. */
  information(): device.DeviceInformation;
  /** Its notification of the start, as it would say it now. */
  startNotice(): IntermediaryOperations['NotifyStart']['request'];
  /** Behaves otherwise for the time of `work`. */
  behaving<T>(otherwise: Partial<DeviceConduct>, work: () => Promise<T>): Promise<T>;
}

/** @throws PosternError `listen-failed`, `ftp-listen-failed` */
export const playDevice = async (options: PlayedDeviceOptions): Promise<PlayedDevice> => {
  const { address, reach, host, model, happenings, closers, clock, entropy, logger } = options;
  const { node } = address;
  const id = node.identity.name;
  const usual: DeviceConduct = {
    versions: { firmware: '1.0.0' },
    beyondPatent: options.beyondPatent,
    answers: {},
  };
  let conduct = usual;
  let held: HeldPassword | undefined;
  const call: PlayedDevice['call'] = (work, document) =>
    withClient(intermediaryContract, address, document === undefined ? {} : { document }, work);

  const bulk = new PlayedBulk({
    deviceId: id,
    conduct: () => conduct,
    held: () => held,
    happenings,
    clock,
    onWhole: () => {
      const { awaited, losesImages, versions } = conduct;
      if (awaited !== undefined && losesImages !== true) {
        conduct = { ...conduct, versions: { ...versions, [awaited.component]: awaited.version } };
      }
      happenings.add({ kind: 'restarted' });
      announce().catch(() => {});
    },
  });
  const ftp = await createFtpServer({ service: bulk, clock, logger, host, port: 0 });
  closers.add(() => ftp.close());

  const keep = ({
    userName,
    oneTimePassword: password,
    jobId,
    reportKey,
    signedManifest,
  }: Omit<device.StoreOneTimePassword, 'purpose'>) => {
    const key = reportKey === undefined ? undefined : Buffer.from(reportKey).toString('hex');
    held = { userName, password, jobId, reportKey: key };
    const beyond = { authenticatedReports: key !== undefined, manifestChecked: signedManifest !== undefined };
    return { bulkPath: { host: reach, port: ftp.port }, ...(conduct.beyondPatent ? beyond : {}) };
  };
  const forget = (jobId: string): boolean => {
    if (held?.jobId !== jobId) return false;
    held = undefined;
    return true;
  };
  const own = deviceAnswers({
    information: () => information(),
    keep,
    forget,
    newPassword: () => Buffer.from(entropy.bytes(24)).toString('base64url'),
    tellErased: (jobId) =>
      call(async (client) => {
        await client.call('EraseOneTimePassword', { jobId });
      }),
    clock,
  });
  const service = createSoapService(
    deviceContract,
    scripted(own, () => conduct, happenings),
    {
      logger,
      authorize: (peer) => {
        if (peer?.role === 'intermediary') return;
        throw new PosternError('not-authorised', 'Only an intermediary may call this device');
      },
      clientCodes: () => true,
    },
  );
  const secure = await createSoapListener({
    services: { '/device': recordedService(service, 'device', happenings) },
    tls: serverTlsOptions(node, { clientAuthentication: 'required' }),
    peerIdentity: (socket) => peerIdentity(socket as TLSSocket),
    host,
    port: 0,
    clock,
    logger,
  });
  closers.add(() => secure.close());

  const information = (): device.DeviceInformation => ({
    deviceId: id,
    model,
    components: components(conduct),
    bulkPathKind: 'ftp',
    securePath: { host: reach, port: secure.port },
    bulkPath: { host: reach, port: ftp.port },
    ...(conduct.beyondPatent ? { authenticatedReports: true } : {}),
  });
  const startNotice = () => ({
    deviceId: id,
    program: 'firmware' as const,
    components: components(conduct),
    bulkPath: { host: reach, port: ftp.port },
  });
  /** After a restart, as a device does. */
  const announce = (): Promise<void> =>
    call(async (client) => {
      await client.call('Register', { device: information() });
      await client.call('NotifyStart', startNotice());
    });
  return {
    id,
    model,
    happenings,
    call,
    information,
    startNotice,
    behaving: (otherwise, work) => {
      conduct = { ...usual, ...otherwise };
      return work().finally(() => {
        conduct = usual;
        held = undefined;
        bulk.reset();
      });
    },
  };
};

const components = ({ versions }: DeviceConduct) => ({
  item: Object.entries(versions).map(([component, version]) => ({ component, version })),
});
