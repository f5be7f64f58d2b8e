import type { Clock, Closable, Entropy, Logger } from '@postern/core';
import type { Intermediary } from '@postern/intermediary';
import { readSettings } from './config/load-config.ts';
import { cliError } from './errors.ts';

/** The server that updates devices itself. */
export interface UpdatingServer extends Closable {
  readonly name: string;
  readonly uplinkPort: number;
}

export interface ServerUpdaterOptions {
  /** An intermediary's configuration, without where the server is. */
  readonly file: string;
  readonly server: UpdatingServer;
  /** Where the server's uplink listens. */
  readonly uplinkHost: string;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly logger: Logger;
}

/** Where a listener on every address is reached from the same machine. */
const LOOPBACK: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/**
 * Runs the updating engine of an intermediary in the server's process, for devices that the server can reach. It goes
 * through the server's own uplink like any other intermediary, with an identity and a data directory of its own.
 *
 * @throws PosternError `config-unreadable`, `config-invalid`, and those of starting an intermediary
 * @spec U20
 */
export const startServerUpdater = async (options: ServerUpdaterOptions): Promise<Intermediary> => {
  const { file, clock, entropy, logger } = options;
  const { parseConfig, startIntermediary } = await import('@postern/intermediary');
  // The variables of the environment are the server's.
  const written = await readSettings({ file, environment: {}, settings: [] });
  const config = parseConfig({ ...written, uplink: { ...ownUplink(written, file), ...above(options) } });
  return startIntermediary(config, { clock, entropy, logger });
};

const above = ({ server, uplinkHost }: ServerUpdaterOptions) => {
  const host = LOOPBACK[uplinkHost] ?? uplinkHost;
  const authority = host.includes(':') ? `[${host}]` : host;
  return { url: `https://${authority}:${server.uplinkPort}/uplink`, serverName: server.name };
};

/** How the updater calls may be configured, whom not. */
const ownUplink = (written: object, file: string): object => {
  const uplink: unknown = 'uplink' in written ? written.uplink : {};
  if (typeof uplink === 'object' && uplink !== null && !('url' in uplink) && !('serverName' in uplink)) {
    return uplink;
  }
  throw cliError(
    'config-invalid',
    `${file}: uplink names no server: the updater of a server belongs to that one`,
  );
};
