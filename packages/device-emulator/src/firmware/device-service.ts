import { type DeviceOperations, type device, deviceContract } from '@postern/contracts';
import type { Instant, Logger } from '@postern/core';
import { createSoapService, type SoapHandlers, type SoapService } from '@postern/soap-rpc';
import type { UpdateTarget } from '@postern/software-update';
import type { DeviceMemory } from '../adapters/flash/nv-ram.ts';
import type { EngineControl } from '../control/engine-control.ts';
import type { SystemControl } from '../control/system-control.ts';
import { parametersOf } from '../domain/parameters.ts';
import { authoriseCaller } from './authorisation.ts';
import { blamesCaller } from './blames-caller.ts';
import { type ConcludeService, concludeUpdate } from './conclude-update.ts';
import { storeOneTimePassword } from './credential-operations.ts';
import { deviceInformation } from './device-information.ts';
import { type GenerateService, generateInResponse } from './generate-password.ts';
import { invalidateOneTimePassword } from './invalidate.ts';
import { markPasswordUsed } from './mark-password-used.ts';
import { type RemoteService, remoteOperations } from './operations/remote-operations.ts';

export interface DeviceServiceOptions extends GenerateService, ConcludeService, RemoteService {
  readonly engine: EngineControl;
  readonly system: SystemControl;
  readonly nvRam: DeviceMemory;
  readonly logger: Logger;
  readonly startedAt: Instant;
}

/**
 * Remote service (NRS, Fig 9), server part: the device contract as this firmware serves it.
 *
 * @spec D4
 */
export const createDeviceService = (options: DeviceServiceOptions): SoapService =>
  createSoapService(deviceContract, handlersOf(options), {
    logger: options.logger,
    authorize: authoriseCaller(options.callers),
    clientCodes: blamesCaller,
  });

const handlersOf = (options: DeviceServiceOptions): SoapHandlers<DeviceOperations> => {
  const { information, nvRam, profile, startedAt, system } = options;
  return {
    StoreOneTimePassword: (request, context) => storeOneTimePassword(options, request, context),
    InvalidateOneTimePassword: (request, context) => invalidateOneTimePassword(options, request, context),
    GetDeviceInformation: async () => ({ device: deviceInformation(information) }),
    GetCounters: async ({ names }) => {
      const counters = selected({ ...profile.counters, ...system.readCounters() }, names?.name);
      system.step('S607');
      return { counters: { item: counters } };
    },
    GetParameters: async ({ names }) => ({
      parameters: { item: selected(parametersOf(profile, nvRam.content), names?.name) },
    }),
    ConfirmAlive: async () => ({ startedAt, state: stateOf(options) }),
    GenerateOneTimePassword: (request, context) => generateInResponse(options, request, context),
    ConcludeUpdate: (request, context) => concludeUpdate(options, request, context),
    MarkPasswordUsed: (request) => markPasswordUsed(options, request),
    ...remoteOperations(options),
  };
};

/** Whether software is being installed, or waits for the end of jobs. */
export const isUpdating = ({ activity }: UpdateTarget): boolean =>
  activity === 'waiting-for-jobs' || activity === 'installing';

const stateOf = ({ target, engine }: DeviceServiceOptions): device.DeviceState => {
  if (isUpdating(target)) return 'updating';
  if (engine.jobs.length > 0) return 'busy';
  return engine.state === 'energy-saving' ? 'energy-saving' : 'ready';
};

/** The entries that were asked for; all when none was named. Unknown names are left out. */
const selected = <T>(
  entries: Readonly<Record<string, T>>,
  names: readonly string[] | undefined,
): { name: string; value: T }[] =>
  Object.entries(entries)
    .filter(([name]) => names === undefined || names.includes(name))
    .map(([name, value]) => ({ name, value }));
