import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Clock, errorCode, errorMessage, type Logger } from '@postern/core';
import { DEVICE_ERRORS, deviceError } from '../errors.ts';
import { allowedNames } from './guard.ts';
import type { PageDevice } from './page-device.ts';
import { answer, type Routes, sendJson } from './routes.ts';
import { readStaticFiles } from './static-files.ts';
import { ViewStreams } from './view-streams.ts';

export interface PanelPageOptions {
  readonly devices: ReadonlyMap<string, PageDevice>;
  readonly host: string;
  /** 0: chosen by the system. */
  readonly port: number;
  /** Further names under which the page may be asked for. */
  readonly names: readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The panels of a process's devices, in a browser. */
export interface PanelPage {
  readonly url: string;
  readonly port: number;
  /** Something of a device has changed. */
  changed(deviceId: string): void;
  close(): Promise<void>;
}

const MOST_CONNECTIONS = 64;
/** A browser sends its few headers at once. Milliseconds. */
const HEADERS_TIMEOUT = 5_000;
const REQUEST_TIMEOUT = 10_000;

/**
 * Serves the panels of devices to browsers: display, keys, jobs, counters, and the lines between controller and engine.
 * Whoever reaches it may press keys, so it belongs on loopback.
 *
 * @throws PosternError `panel-page-unusable`
 * @spec D1 D2
 */
export const openPanelPage = async (options: PanelPageOptions): Promise<PanelPage> => {
  const { devices, host, names, clock, logger } = options;
  const streams = new ViewStreams(clock);
  const files = await readStaticFiles();
  const routes: Routes = { devices, files, streams, names: allowedNames(host, names), clock };
  const server = createServer((request, response) => {
    answer(routes, request, response)
      .catch((error: unknown) => refuse(logger, response, error))
      // What was not read of the body must not keep the answer from being heard.
      .finally(() => request.resume());
  });
  server.maxConnections = MOST_CONNECTIONS;
  server.headersTimeout = HEADERS_TIMEOUT;
  server.requestTimeout = REQUEST_TIMEOUT;
  await listen(server, host, options.port);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}/`,
    port,
    changed: (deviceId) => streams.changed(deviceId),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      streams.closeAll();
      server.closeAllConnections();
      await closed;
    },
  };
};

const listen = async (server: Server, host: string, port: number): Promise<void> => {
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (error) {
    const reason = errorCode(error, 'unknown');
    throw deviceError('panel-page-unusable', `Cannot serve panels at ${host}:${port} (${reason})`, error);
  }
};

const STATUS: Readonly<Record<string, number>> = {
  'panel-host-refused': 421,
  'panel-press-refused': 403,
  'panel-unknown': 404,
  'panel-request-invalid': 400,
  'deadline-exceeded': 408,
  'too-many-watchers': 503,
};

/** Errors of devices are told as they are; anything else is ours to see, not the browser's. */
const refuse = (logger: Logger, response: ServerResponse, error: unknown): void => {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const code = errorCode(error, 'internal-error');
  const status = STATUS[code] ?? (Object.hasOwn(DEVICE_ERRORS, code) ? 409 : 500);
  if (status === 500)
    logger.error('A request at the panel page failed', { code, reason: errorMessage(error) });
  sendJson(response, status, { code, message: status === 500 ? 'See the log' : errorMessage(error) });
};
