import { createServer } from 'node:net';
import { errorCode } from '@postern/core';
import { type Finding, fail, ok } from './finding.ts';

/** Where a tier is to listen. */
export interface Listener {
  /** Its name in the configuration. */
  readonly name: string;
  readonly host: string;
  /** 0: the system chooses. */
  readonly port: number;
}

/** @param inUse the tier runs, so its ports are taken */
export const checkPort = async ({ name, host, port }: Listener, inUse: boolean): Promise<Finding> => {
  const check = `port ${name}`;
  const where = `${host} port ${port}`;
  if (port === 0) return ok(check, `${host}, a port that the system chooses`);
  const refusal = await tryListening(host, port);
  switch (refusal) {
    case undefined:
      return ok(check, `${where} is free`);
    case 'EADDRINUSE':
      return inUse
        ? ok(check, `${where} is taken, as it has to be while the tier runs`)
        : fail(
            check,
            `${where} is taken by another process`,
            `See who has it (ss -ltnp, lsof -i :${port}), or set ${name}.port.`,
          );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return fail(
        check,
        `${host} is no address of this machine`,
        `Set ${name}.host to one, or to 0.0.0.0 for all.`,
      );
    case 'EACCES':
      return fail(
        check,
        `${where} may not be used by this user`,
        'Take a port from 1024 on, or give CAP_NET_BIND_SERVICE.',
      );
    default:
      return fail(check, `${where} cannot be used (${refusal})`, `Set ${name}.host and ${name}.port.`);
  }
};

/** @returns the system's code; undefined: the port was free, and is again */
const tryListening = (host: string, port: number): Promise<string | undefined> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(errorCode(error, 'unknown')));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
