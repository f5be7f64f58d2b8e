import { isRemoteRequestKind, requestFromJson, responseToJson, type uplink } from '@postern/contracts';
import { errorMessage, Seconds } from '@postern/core';
import { readBundleTar } from '@postern/storage';
import { z } from 'zod';
import type { SiteOperations } from '../../domain/local/site-operations.ts';
import { intermediaryError } from '../../errors.ts';
import {
  wireConnection,
  wireDetails,
  wireDevice,
  wireEvent,
  wirePlanned,
  wireSearchEvent,
  wireSoftware,
  wireUpdate,
} from './wire.ts';

/** One request to the operation port. */
export interface OperationRequest {
  /** What the path's placeholder stands for. */
  readonly id: string;
  readonly query: URLSearchParams;
  /** The whole body as JSON. @throws PosternError `operation-invalid` */
  readonly json: () => Promise<unknown>;
  /** The body as it comes. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Aborts when the caller has gone, or the port closes. */
  readonly signal: AbortSignal;
}

/** An answer, or lines of JSON for as long as there is something to tell. */
export type OperationAnswer = { readonly body: unknown } | { readonly lines: AsyncIterable<unknown> };

type Handler = (operations: SiteOperations, request: OperationRequest) => Promise<OperationAnswer>;

const device = z
  .strictObject({
    deviceId: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/),
    host: z
      .string()
      .regex(/^[A-Za-z0-9.:_%-]{1,255}$/)
      .optional(),
    port: z.number().int().min(1).max(65_535).optional(),
  })
  .refine(({ host, port }) => (host === undefined) === (port === undefined), 'host and port go together');

const search = z
  .strictObject({
    method: z.enum(['dns-sd', 'address-range']),
    addressRange: z.string().max(100).optional(),
    adopt: z.boolean().optional(),
  })
  .refine(
    ({ method, addressRange }) => (method === 'address-range') === (addressRange !== undefined),
    'an address range goes with the method address-range, and only with that',
  );

const order = z.strictObject({
  deviceId: z.string().min(1).max(64),
  software: z.string().min(1).max(128).optional(),
  deadlineSeconds: z
    .number()
    .int()
    .min(1)
    .max(31 * 86_400)
    .optional(),
});

const request = z.strictObject({
  kind: z.string().refine(isRemoteRequestKind, 'is no kind of request'),
  target: z.string().min(1).max(64),
  /** As the contract has it in JSON. */
  value: z.unknown(),
  expiresInSeconds: z.number().int().min(1).max(86_400).default(60),
});

const entries = z
  .array(
    z.strictObject({
      task: z.enum(['check-versions', 'collect-logs', 'read-counters']),
      expression: z.string().min(1).max(64),
    }),
  )
  .max(64);

/**
 * What the operation port answers, by method and path.
 *
 * @spec I4
 */
export const ROUTES: Readonly<Record<string, Handler>> = {
  'GET /status': async (operations) => ({ body: operations.status() }),

  'GET /devices': async (operations) => ({ body: operations.devices().map(wireDevice) }),

  'POST /devices': async (operations, { json, signal }) => {
    const { deviceId, host, port } = checked(device, await json());
    const endpoint = host === undefined || port === undefined ? undefined : { host, port };
    return { body: await operations.adopt(deviceId, endpoint, signal) };
  },

  'POST /devices/:id/release': async (operations, { id }) => {
    operations.release(id);
    return { body: {} };
  },

  'POST /search': async (operations, { json, signal }) => ({
    lines: mapped(operations.searchDevices(checked(search, await json()), signal), wireSearchEvent),
  }),

  'GET /connections': async (operations) => ({ body: operations.connections().map(wireConnection) }),

  'GET /software': async (operations) => ({ body: operations.software().map(wireSoftware) }),

  'POST /software': async (operations, { bytes, signal }) => ({
    body: wireSoftware(await operations.import(readBundleTar(bytes), 'medium', signal)),
  }),

  'DELETE /software/:id': async (operations, { id }) => ({
    body: wireSoftware(operations.removeSoftware(id)),
  }),

  'POST /updates': async (operations, { json }) => {
    const { deviceId, software, deadlineSeconds } = checked(order, await json());
    const update = operations.order({
      deviceId,
      ...(software === undefined ? {} : { software }),
      ...(deadlineSeconds === undefined ? {} : { deadline: Seconds(deadlineSeconds) }),
    });
    return { body: wireUpdate(update) };
  },

  'GET /updates': async (operations) => ({ body: operations.updates().map(wireUpdate) }),

  'GET /updates/:id': async (operations, { id }) => ({ body: wireDetails(operations.update(id)) }),

  'GET /updates/:id/events': async (operations, { id, query, signal }) => {
    const events = operations.follow(id, Number(query.get('after') ?? 0) || 0, signal);
    return { lines: mapped(events, wireEvent) };
  },

  'POST /updates/:id/cancel': async (operations, { id }) => ({ body: { cancelled: operations.cancel(id) } }),

  'POST /requests': async (operations, { json, signal }) => {
    const { kind, target, value, expiresInSeconds } = checked(request, await json());
    const body = readRequest(kind, value);
    const answer = await operations.request(target, body, Seconds(expiresInSeconds), signal);
    return { body: { kind: answer.kind, value: responseToJson(answer) } };
  },

  'GET /schedule': async (operations) => ({ body: operations.planned().map(wirePlanned) }),

  'PUT /schedule': async (operations, { json }) => ({
    body: operations.setSchedule(checked(entries, await json())).map(wirePlanned),
  }),
};

const readRequest = (kind: string, value: unknown): uplink.RequestBody => {
  if (!isRemoteRequestKind(kind)) throw intermediaryError('operation-invalid', 'kind: is no kind of request');
  try {
    return requestFromJson(kind, value ?? {});
  } catch (error) {
    throw intermediaryError('operation-invalid', errorMessage(error), error);
  }
};

const checked = <T>(schema: z.ZodType<T>, value: unknown): T => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const mistakes = result.error.issues.map(
    ({ path, message }) => `${path.join('.') || 'request'}: ${message}`,
  );
  throw intermediaryError('operation-invalid', mistakes.join('; '));
};

async function* mapped<T, U>(values: AsyncIterable<T>, map: (value: T) => U): AsyncGenerator<U> {
  for await (const value of values) yield map(value);
}
