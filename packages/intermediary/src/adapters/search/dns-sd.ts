import { DEVICE_SERVICE } from '@postern/contracts';
import {
  type Clock,
  errorCode,
  errorMessage,
  type Logger,
  Milliseconds,
  type Timer,
  throwIfCancelled,
} from '@postern/core';
import multicastDns, { type MulticastDNS } from 'multicast-dns';
import type { FindOnNetwork } from '../../domain/search/ports.ts';
import type { SearchConfig } from '../../domain/search/search-schema.ts';
import { intermediaryError } from '../../errors.ts';
import { Announcements, type Question } from './announcements.ts';

export interface DnsSdOptions {
  readonly config: SearchConfig['dnsSd'];
  /** Instances that are kept. */
  readonly most: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** How often it is asked again for what is missing. A question about all of them is asked twice, in case one is lost. */
const ROUNDS = 6;

/**
 * Browses for devices by multicast DNS over IPv4 (RFC 6762), beside other programs of the machine that do the same. The
 * socket is open while it listens only.
 *
 * @spec I3
 */
export const dnsSd =
  ({ config, most, clock, logger }: DnsSdOptions): FindOnNetwork =>
  async (signal) => {
    throwIfCancelled(signal);
    const announcements = new Announcements(most);
    const socket = multicastDns({
      port: config.port,
      // Bound to one address it would hear nothing that is sent to the group.
      bind: '0.0.0.0',
      ...(config.interface === undefined ? {} : { interface: config.interface }),
    } as multicastDns.Options);
    // What cannot be read as DNS, and interfaces without multicast.
    socket.on('warning', (error) => logger.debug('Multicast DNS', { reason: errorMessage(error) }));
    socket.on('response', ({ answers = [], additionals = [] }) =>
      announcements.hear([...answers, ...additionals]),
    );
    try {
      await listen(socket, announcements, { config, clock, signal });
    } finally {
      socket.destroy();
    }
    return announcements.heard();
  };

/** Asks and listens until the window closes. */
const listen = (
  socket: MulticastDNS,
  announcements: Announcements,
  { config, clock, signal }: Pick<DnsSdOptions, 'config' | 'clock'> & { readonly signal: AbortSignal },
): Promise<void> =>
  new Promise((resolve, reject) => {
    let round = 0;
    let timer: Timer | undefined;
    const end = (settle: () => void): void => {
      timer?.cancel();
      signal.removeEventListener('abort', giveUp);
      settle();
    };
    const giveUp = (): void => end(() => reject(signal.reason));
    const next = (): void => {
      if (round === ROUNDS) {
        end(resolve);
        return;
      }
      const all: readonly Question[] = round % 3 === 0 ? [{ name: DEVICE_SERVICE, type: 'PTR' }] : [];
      const questions = [...all, ...announcements.missing()];
      if (questions.length > 0) socket.query({ questions });
      round += 1;
      timer = clock.schedule(Milliseconds(config.window / ROUNDS), next);
    };
    signal.addEventListener('abort', giveUp, { once: true });
    socket.on('error', (error: Error) =>
      end(() =>
        reject(
          intermediaryError(
            'search-unavailable',
            `Multicast DNS cannot be spoken on port ${config.port} (${errorCode(error, 'unknown')})`,
            error,
          ),
        ),
      ),
    );
    socket.once('ready', next);
  });
