import { type DeviceOperations, type device, deviceContract } from '@postern/contracts';
import type { Instant, Logger } from '@postern/core';
import { createSoapService, type SoapHandlers, type SoapService } from '@postern/soap-rpc';
import { isUpdateErrorCode } from '@postern/software-update';
import type { Engine } from '../adapters/engine.ts';
import type { NvRam } from '../adapters/flash/nv-ram.ts';
import { deviceError } from '../errors.ts';
import { authoriseIntermediary } from './authorisation.ts';
import {
  type CredentialService,
  invalidateOneTimePassword,
  storeOneTimePassword,
} from './credential-operations.ts';
import { deviceInformation } from './device-information.ts';

export interface DeviceServiceOptions extends CredentialService {
  readonly engine: Engine;
  readonly nvRam: NvRam;
  readonly logger: Logger;
  readonly startedAt: Instant;
}

/** The device contract as this firmware serves it. */
export const createDeviceService = (options: DeviceServiceOptions): SoapService =>
  createSoapService(deviceContract, handlersOf(options), {
    logger: options.logger,
    authorize: authoriseIntermediary(options.information.settings.intermediary.name),
    clientCodes: blamesCaller,
  });

const handlersOf = (options: DeviceServiceOptions): SoapHandlers<DeviceOperations> => {
  const { information, nvRam, startedAt } = options;
  return {
    StoreOneTimePassword: (request, context) => storeOneTimePassword(options, request, context),
    InvalidateOneTimePassword: (request, context) => invalidateOneTimePassword(options, request, context),
    GetDeviceInformation: async () => ({ device: deviceInformation(information) }),
    GetCounters: async ({ names }) => ({ counters: { item: selected(nvRam.content.counters, names?.name) } }),
    GetParameters: async ({ names }) => ({
      parameters: { item: selected(nvRam.content.parameters, names?.name) },
    }),
    ConfirmAlive: async () => ({ startedAt, state: stateOf(options) }),
    GenerateOneTimePassword: notSupportedYet,
    ConcludeUpdate: notSupportedYet,
    MarkPasswordUsed: notSupportedYet,
    SetParameters: notSupportedYet,
    ExecuteCommand: notSupportedYet,
    CollectLogs: notSupportedYet,
    ShowResult: notSupportedYet,
  };
};

const notSupportedYet = async (): Promise<never> => {
  throw deviceError('not-supported-yet', 'The device does not support this operation yet');
};

const stateOf = ({ target, engine }: DeviceServiceOptions): device.DeviceState => {
  if (target.activity === 'waiting-for-jobs' || target.activity === 'installing') return 'updating';
  return engine.busy ? 'busy' : 'ready';
};

/** The entries that were asked for; all when none was named. Unknown names are left out. */
const selected = <T>(
  entries: Readonly<Record<string, T>>,
  names: readonly string[] | undefined,
): { name: string; value: T }[] =>
  Object.entries(entries)
    .filter(([name]) => names === undefined || names.includes(name))
    .map(([name, value]) => ({ name, value }));

/** The device's own troubles; every other refusal of the update protocol is about what was sent. */
const OWN_TROUBLES: readonly string[] = [
  'storage-full',
  'storage-failed',
  'internal-error',
  'update-already-open',
];

const blamesCaller = (code: string): boolean =>
  code === 'not-authorised' || (isUpdateErrorCode(code) && !OWN_TROUBLES.includes(code));
