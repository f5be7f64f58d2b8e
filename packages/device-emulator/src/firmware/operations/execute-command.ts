import type { device } from '@postern/contracts';
import type { Clock, Logger } from '@postern/core';
import { Milliseconds } from '@postern/core';
import type { NvRamContent } from '../../adapters/flash/nv-ram.ts';
import { type ResolvedEffect, resolveCommand } from '../../domain/command.ts';
import { withSettings } from '../../domain/parameters.ts';
import type { DeviceProfile } from '../../domain/profile.ts';
import { deviceError } from '../../errors.ts';
import type { CarryOut, Plan } from './changing-requests.ts';

/** From the answer to a restart until the device goes down: the answer needs a moment to leave. */
const LAST_WORDS = Milliseconds(500);

export interface CommandService {
  readonly profile: DeviceProfile;
  readonly deviceId: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly carryOut: CarryOut;
  /** @throws PosternError `engine-queue-full`, `application-stopped` */
  readonly startJob: (job: string, units: number) => void;
  /** NV-RAM with a notice of an abnormality, for the intermediary. */
  readonly withAbnormality: (content: NvRamContent, code: string, text: string) => NvRamContent;
  /** There may be a notice to send. */
  readonly sendNotices: () => void;
  /** Shows a line on the panel. */
  readonly show: (line: string) => void;
  /** Whether software is being installed. */
  readonly updating: () => boolean;
  /** Switches the device off and on again. */
  readonly restart: () => void;
  /** Aborts when the device goes down. */
  readonly signal: AbortSignal;
}

/**
 * Carries out a command of the device's profile.
 *
 * @throws PosternError `command-unknown`, `argument-invalid`, `update-under-way`, those of the effect and of `CarryOut`
 * @spec I2
 */
export const executeCommand = (
  service: CommandService,
  request: device.ExecuteCommand,
): Promise<device.ExecuteCommandResponse> =>
  service.carryOut('ExecuteCommand', request, () => {
    const { command } = request;
    const resolved = resolveCommand(service.profile, command, request.arguments?.item ?? []);
    const { answer, change, effect } = planOf(service, resolved);
    return {
      answer,
      ...(change === undefined ? {} : { change }),
      effect: async () => {
        await effect?.();
        service.logger.info('A command was carried out', { command });
      },
    };
  });

const planOf = (service: CommandService, effect: ResolvedEffect): Plan<device.ExecuteCommandResponse> => {
  switch (effect.do) {
    case 'reset-counter': {
      const { counter } = effect;
      return {
        answer: { output: `${counter} is 0` },
        change: (content) => ({ ...content, counters: { ...content.counters, [counter]: 0 } }),
      };
    }
    case 'set-parameter': {
      const { setting } = effect;
      return {
        answer: { output: `${setting.name} is ${setting.value}` },
        change: (content) => withSettings(content, [setting]),
      };
    }
    case 'start-job': {
      const { job, units } = effect;
      const answer = { output: units === 1 ? `${job} was started` : `${job} was started, ${units} times` };
      return { answer, effect: () => service.startJob(job, units) };
    }
    case 'raise-abnormality':
      return {
        answer: { output: `${effect.code} was reported` },
        change: (content) => service.withAbnormality(content, effect.code, effect.text),
        effect: () => service.sendNotices(),
      };
    case 'identify':
      return {
        answer: { output: `${service.deviceId}: ${effect.text}` },
        effect: () => service.show(effect.text),
      };
    case 'restart':
      if (service.updating()) throw deviceError('update-under-way', 'The device is installing software');
      return { answer: { output: 'The device restarts' }, effect: () => restartSoon(service) };
  }
};

const restartSoon = ({ clock, signal, restart }: CommandService): void => {
  const timer = clock.schedule(LAST_WORDS, () => restart());
  signal.addEventListener('abort', () => timer.cancel(), { once: true });
};
