import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '@postern/core';
import { deviceError } from '../errors.ts';
import { requireOwnHost, requireOwnPage } from './guard.ts';
import { press } from './keys.ts';
import type { PageDevice } from './page-device.ts';
import { readJson } from './read-json.ts';
import { DEVICE_PAGE, DEVICES_PAGE, type StaticFile } from './static-files.ts';
import type { ViewStreams } from './view-streams.ts';

/** On every answer: nothing is cached, guessed at, or runs that is not a file of this server. */
export const PROTECTIVE_HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
};

/** Devices that one answer lists. */
const MOST_LISTED = 200;

export interface Routes {
  readonly devices: ReadonlyMap<string, PageDevice>;
  readonly files: ReadonlyMap<string, StaticFile>;
  readonly streams: ViewStreams;
  readonly names: readonly string[];
  readonly clock: Clock;
}

/**
 * Answers a request of a browser: `/`, `/devices/NAME`, `/assets/FILE`, `/api/devices`, `/api/devices/NAME` (the view),
 * `…/events` (the view, live), and `POST …/keys/KEY`.
 *
 * @throws PosternError `panel-host-refused`, `panel-press-refused`, `panel-unknown`, `panel-request-invalid`,
 *   `too-many-watchers`, and those of the keys
 */
export const answer = async (
  routes: Routes,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  requireOwnHost(request, routes.names);
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://panel');
  const path = pathname.split('/').slice(1).map(decoded);
  if (request.method === 'POST') {
    requireOwnPage(request);
    const [api, devices, id = '', keys, key = '', ...rest] = path;
    if (api !== 'api' || devices !== 'devices' || keys !== 'keys' || rest.length > 0) throw unknown();
    await press(deviceOf(routes, id), key, await readJson(request, routes.clock));
    return sendJson(response, 200, {});
  }
  if (request.method !== 'GET') throw unknown();
  const [first = '', second = '', third = '', fourth = '', ...rest] = path;
  if (rest.length > 0) throw unknown();
  if (path.length === 1 && first === '') return sendFile(routes, response, DEVICES_PAGE);
  if (path.length === 2 && first === 'assets') return sendFile(routes, response, second);
  if (path.length === 2 && first === 'devices') {
    deviceOf(routes, second);
    return sendFile(routes, response, DEVICE_PAGE);
  }
  if (first !== 'api' || second !== 'devices') throw unknown();
  if (path.length === 2) return sendJson(response, 200, listOf(routes, searchParams.get('name') ?? ''));
  const device = deviceOf(routes, third);
  if (path.length === 3) return sendJson(response, 200, device.view);
  if (fourth !== 'events') throw unknown();
  routes.streams.open(device, response, PROTECTIVE_HEADERS);
};

export const sendJson = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { ...PROTECTIVE_HEADERS, 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
};

const sendFile = ({ files }: Routes, response: ServerResponse, name: string): void => {
  const file = files.get(name);
  if (file === undefined) throw unknown();
  response.writeHead(200, { ...PROTECTIVE_HEADERS, 'content-type': file.contentType });
  response.end(file.bytes);
};

/** The devices whose name contains the text; as many as one page takes, and how many there are. */
const listOf = ({ devices }: Routes, name: string): unknown => {
  const found = [...devices.values()].filter(({ id }) => id.includes(name));
  const listed = found.slice(0, MOST_LISTED).map(({ view }) => {
    const { id, model, power, versions, engine, panel } = view;
    return { id, model, power, versions, engine, line: panel.at(-1) ?? '' };
  });
  return { count: found.length, devices: listed };
};

const deviceOf = ({ devices }: Routes, id: string): PageDevice => {
  const device = devices.get(id);
  if (device === undefined) throw unknown();
  return device;
};

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    throw unknown();
  }
};

const unknown = () => deviceError('panel-unknown', 'There is nothing at this address');
