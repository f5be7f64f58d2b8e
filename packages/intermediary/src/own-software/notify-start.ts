import { intermediaryContract } from '@postern/contracts';
import {
  type Clock,
  errorCode,
  type Logger,
  Milliseconds,
  Minutes,
  Seconds,
  stoppedWithin,
  withDeadline,
} from '@postern/core';
import { createSoapClient } from '@postern/soap-rpc';
import type { StartNotice } from '@postern/software-update';

/** Where an updater listens for start notifications. */
const NOTICE_PATH = '/intermediary';

/** Of one try. */
const LIMIT = Seconds(15);

const FIRST_PAUSE = Seconds(1);
const LONGEST_PAUSE = Minutes(5);

export interface NotifyStartOptions {
  readonly deviceId: string;
  readonly bulkPath: { readonly host: string; readonly port: number };
  /** Asked anew each time: the job may have ended. */
  readonly notice: () => StartNotice;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/**
 * Notifies the start to a parent that updates this intermediary and has said where, in plain HTTP like any device, until
 * it is accepted or the job has ended. Never rejects.
 *
 * @spec U6 U21
 */
export const notifyStart = async (options: NotifyStartOptions): Promise<void> => {
  const { notice, clock, logger, signal } = options;
  for (let pause = FIRST_PAUSE; !signal.aborted; pause = Milliseconds(Math.min(2 * pause, LONGEST_PAUSE))) {
    if (notice().notifyStartAt === undefined) return;
    try {
      await send(options);
      return;
    } catch (error) {
      logger.warn('A start notification was not accepted', { code: errorCode(error, 'internal-error') });
    }
    await stoppedWithin(clock, pause, signal);
  }
};

const send = async ({ deviceId, bulkPath, notice, clock, signal }: NotifyStartOptions): Promise<void> => {
  const { notifyStartAt, ...job } = notice();
  if (notifyStartAt === undefined) return;
  const { host, port } = notifyStartAt;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}${NOTICE_PATH}`;
  const client = createSoapClient(intermediaryContract, { url, clock, connections: 1 });
  try {
    const request = { deviceId, program: 'firmware', bulkPath, ...job } as const;
    await withDeadline(clock, LIMIT, 'The start notification', signal, (bounded) =>
      client.call('NotifyStart', request, { signal: bounded }),
    );
  } finally {
    await client.close();
  }
};
