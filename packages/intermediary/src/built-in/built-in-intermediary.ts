import { errorCode, errorMessage, type Logger } from '@postern/core';
import type { IntermediaryConfig } from '../config.ts';
import type { Intermediary } from '../main.ts';

/** What happens to the device: `started` with power; without any when it `stopped` or `halted`. Others change nothing. */
export type DevicePowerEvent = 'started' | 'stopped' | 'halted' | (string & {});

/** An intermediary that is part of a device (T3): it has power while the device has. */
export interface BuiltInIntermediary {
  /** As its certificate says. */
  readonly name: string;
  /** Where devices call over TLS: the same after every restart. */
  readonly securePort: number;
  readonly noticePort: number;
  /** What runs now; undefined while the device is without power. */
  readonly running: Intermediary | undefined;
  /** Something happened to the device: what starts or stops it does so to the intermediary. Returns at once. */
  follow(event: DevicePowerEvent): void;
  /** Ends for good. Idempotent. */
  close(): Promise<void>;
}

export interface BuiltInOptions {
  readonly config: IntermediaryConfig;
  /** `startIntermediary` with the surroundings of the process. */
  readonly start: (config: IntermediaryConfig) => Promise<Intermediary>;
  readonly logger: Logger;
}

/**
 * Starts the intermediary function of a device. It runs in the device's process with an identity and a data directory
 * of its own, and treats the device itself like those below: what it has begun outlives the device's restart on the
 * disk, an update of the device itself included.
 *
 * @throws PosternError as starting an intermediary does, the first time; later failures are logged and tried again
 *   when the device starts the next time
 * @spec T3
 */
export const startBuiltIn = async ({
  config,
  start,
  logger,
}: BuiltInOptions): Promise<BuiltInIntermediary> => {
  const first = await start(config);
  const { name, securePort, noticePort } = first;
  const again: IntermediaryConfig = {
    ...config,
    secure: { ...config.secure, port: securePort },
    notice: { ...config.notice, port: noticePort },
  };
  let running: Intermediary | undefined = first;
  let powered = true;
  let closed = false;
  let turn: Promise<void> = Promise.resolve();

  /** Brings what runs in line with the switch; one after the other, whatever the switch does meanwhile. */
  const follow = async (): Promise<void> => {
    const wanted = powered && !closed;
    if (wanted === (running !== undefined)) return;
    if (!wanted) {
      const ending = running;
      running = undefined;
      await ending?.close();
      return;
    }
    try {
      running = await start(again);
    } catch (error) {
      const reason = { code: errorCode(error, 'internal-error'), reason: errorMessage(error) };
      logger.error('The intermediary function of the device could not start', reason);
    }
  };
  const turned = (): Promise<void> => {
    turn = turn.then(follow, follow);
    return turn;
  };
  const settle = (): void => {
    turned().catch((error: unknown) => {
      logger.error('The intermediary function of the device did not end well', { error });
    });
  };

  return {
    name,
    securePort,
    noticePort,
    get running() {
      return running;
    },
    follow: (event) => {
      if (event === 'started') powered = true;
      else if (event === 'stopped' || event === 'halted') powered = false;
      else return;
      settle();
    },
    close: () => {
      closed = true;
      return turned();
    },
  };
};
