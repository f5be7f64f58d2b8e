import { createHash } from 'node:crypto';
import { deviceError } from '../errors.ts';

/** A request that was carried out, and what came of it. */
export interface RememberedRequest {
  readonly id: string;
  /** Of operation and content: SHA-256, hexadecimal. */
  readonly digest: string;
  /** What was answered, unless it follows from the request. */
  readonly answer?: unknown;
}

/** The part of NV-RAM that holds them, the latest last. */
export interface RequestMemory {
  readonly rememberedRequests?: readonly RememberedRequest[];
}

/** Older ones are forgotten: whoever repeats a request does so before it orders many others. */
export const MOST_REMEMBERED = 64;

/**
 * Which request it is, whatever its identifier: SHA-256 over operation and content.
 *
 * @param content plain data; byte arrays count by their bytes
 */
export const requestDigest = (operation: string, content: object): string =>
  createHash('sha256')
    .update(operation)
    .update('\0')
    .update(JSON.stringify(canonical(content)))
    .digest('hex');

const canonical = (value: unknown): unknown => {
  if (value instanceof Uint8Array) {
    return { bytes: createHash('sha256').update(value).digest('hex') };
  }
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, canonical(item)]);
};

/**
 * What the device knows of a request from before.
 *
 * @returns `undefined` when it is new
 * @throws PosternError `request-id-reused` when another request bore this identifier
 */
export const recall = (
  { rememberedRequests = [] }: RequestMemory,
  { id, digest }: Pick<RememberedRequest, 'id' | 'digest'>,
): RememberedRequest | undefined => {
  const known = rememberedRequests.find((remembered) => remembered.id === id);
  if (known === undefined || known.digest === digest) return known;
  throw deviceError('request-id-reused', `Another request had the identifier ${id}`);
};

/** NV-RAM that knows of a request, too: saved in one write with what the request changed. */
export const remember = <T extends RequestMemory>(content: T, request: RememberedRequest): T => {
  const others = (content.rememberedRequests ?? []).filter(({ id }) => id !== request.id);
  return { ...content, rememberedRequests: [...others, request].slice(-MOST_REMEMBERED) };
};

/** NV-RAM as if the request had never come. */
export const forget = <T extends RequestMemory>(content: T, requestId: string): T => ({
  ...content,
  rememberedRequests: (content.rememberedRequests ?? []).filter(({ id }) => id !== requestId),
});
