import { type DeviceOperations, type device, deviceContract } from '@postern/contracts';
import { type Clock, PosternError } from '@postern/core';
import { everyOperation, type SoapHandlers } from '@postern/soap-rpc';
import type { DeviceConduct } from './device-conduct.ts';
import type { Happenings } from './happenings.ts';

/** What the device's own answers are made of. */
export interface AnswersParts {
  readonly information: () => device.DeviceInformation;
  /** Keeps a one-time password. */
  readonly keep: (
    request: Omit<device.StoreOneTimePassword, 'purpose'>,
  ) => Omit<device.StoreOneTimePasswordResponse, 'jobId'>;
  /** Ends the password that is kept. @returns whether it was that of this job */
  readonly forget: (jobId: string) => boolean;
  /** Makes a password. */
  readonly newPassword: () => string;
  /** Tells the intermediary that the password has ended (U18). */
  readonly tellErased: (jobId: string) => Promise<void>;
  readonly clock: Clock;
}

/** What the played device has counted. */
export const COUNTERS: device.GetCountersResponse = {
  counters: { item: [{ name: 'printed-pages', value: 4_711 }] },
};

/** The device's own answers: what its state lets it say, and fixed ones for whatever only reads. */
export const deviceAnswers = ({
  information,
  keep,
  forget,
  newPassword,
  tellErased,
  clock,
}: AnswersParts): SoapHandlers<DeviceOperations> => ({
  ...everyOperation(deviceContract, async (_, { operation }) => {
    throw new PosternError('not-offered', `This device does not offer ${operation}`);
  }),
  GetDeviceInformation: async () => ({ device: information() }),
  StoreOneTimePassword: async ({ purpose, ...request }) => {
    const { jobId } = request;
    if (purpose !== 'erasure') return { jobId, ...keep(request) };
    forget(jobId);
    return { jobId };
  },
  InvalidateOneTimePassword: async ({ jobId }) => ({ jobId, invalidated: forget(jobId) }),
  GenerateOneTimePassword: async (request) => {
    const { jobId } = request;
    const oneTimePassword = newPassword();
    return { jobId, delivery: 'in-response', oneTimePassword, ...keep({ ...request, oneTimePassword }) };
  },
  ConcludeUpdate: async ({ jobId }) => {
    forget(jobId);
    await tellErased(jobId);
    return { jobId };
  },
  GetCounters: async () => COUNTERS,
  GetParameters: async () => ({ parameters: { item: [{ name: 'paper', value: 'A4' }] } }),
  SetParameters: async ({ parameters }) => ({ parameters }),
  ExecuteCommand: async ({ command }) => ({ output: `done: ${command}` }),
  CollectLogs: async () => ({
    entries: { item: [{ at: clock.now(), level: 'info', message: 'a line of the played device' }] },
  }),
  ConfirmAlive: async () => ({ startedAt: clock.now(), state: 'ready' }),
  GetApplications: async () => ({ application: [{ name: 'copier', state: 'running' }] }),
  ListFiles: async () => ({ file: [] }),
  ShowResult: async () => ({}),
});

/** Answers as `conduct` wants them, else the device's own; each call is told. */
export const scripted = (
  own: SoapHandlers<DeviceOperations>,
  conduct: () => DeviceConduct,
  happenings: Happenings,
): SoapHandlers<DeviceOperations> =>
  everyOperation<DeviceOperations>(deviceContract, async (request, context) => {
    const operation = context.operation as keyof DeviceOperations;
    happenings.add({ kind: 'device-call', operation, request });
    const answer = conduct().answers[operation] ?? own[operation];
    return (answer as (request: unknown, context: unknown) => Promise<never>)(request, context);
  });
