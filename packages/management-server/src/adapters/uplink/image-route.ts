import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { type Duration, errorCode, type Logger, type NodeIdentity } from '@postern/core';
import type { HttpRoute } from '@postern/soap-rpc';
import type { ImageStore, StoredImage } from '@postern/storage';
import { type RangeAnswer, readRange } from '../../domain/image-range.ts';
import type { SoftwareStore } from '../../domain/ports.ts';
import type { UplinkAdmission } from '../../domain/uplink-admission.ts';
import { serverError } from '../../errors.ts';
import { problemOf } from '../problem.ts';

export interface ImageRouteParts {
  readonly admission: UplinkAdmission;
  readonly images: ImageStore;
  readonly software: Pick<SoftwareStore, 'needsImage'>;
  readonly logger: Logger;
  /** A client that reads nothing for so long is cut off. */
  readonly stallLimit: Duration;
}

/** Where images are, on the uplink's listener. */
export const IMAGE_PREFIX = '/images/';

/**
 * Serves images to intermediaries: GET and HEAD with one byte range. An intermediary can read an image only while an
 * open update of one of its devices installs it, or while it is asked to fetch it; any other answer is "not found", so
 * that none can be probed for.
 */
export const createImageRoute =
  (parts: ImageRouteParts): HttpRoute =>
  (request, response, { peer }) => {
    serve(parts, request, response, peer).catch((error: unknown) => {
      refuse(parts.logger, request, response, error);
    });
  };

const serve = async (
  { admission, images, software, stallLimit }: ImageRouteParts,
  request: IncomingMessage,
  response: ServerResponse,
  peer: NodeIdentity | undefined,
): Promise<void> => {
  const intermediary = admission.admit(peer, 'image');
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    throw serverError('method-not-allowed', 'Images are read with GET or HEAD');
  }
  const sha256 = (request.url ?? '').slice(IMAGE_PREFIX.length);
  const readable = /^[0-9a-f]{64}$/.test(sha256) && software.needsImage(intermediary, sha256);
  const image = readable ? await images.stat(sha256) : undefined;
  if (image === undefined) throw serverError('image-missing', 'There is no such image for this intermediary');
  const etag = `"${sha256}"`;
  const ifRange = request.headers['if-range']?.toString();
  const range = readRange(request.headers.range, ifRange, { etag, length: image.length });
  response.setHeader('etag', etag);
  response.setHeader('accept-ranges', 'bytes');
  response.setHeader('content-type', 'application/octet-stream');
  writeHead(response, range, image);
  if (range.kind === 'unsatisfiable' || request.method === 'HEAD') {
    response.end();
    return;
  }
  // Node destroys a socket that times out, and sets its own idle time when the answer is complete.
  request.socket.setTimeout(stallLimit);
  await pipeline(await images.openRead(sha256, range.kind === 'part' ? range : {}), response);
};

const writeHead = (response: ServerResponse, range: RangeAnswer, image: StoredImage): void => {
  if (range.kind === 'unsatisfiable') {
    response.writeHead(416, { 'content-range': `bytes */${image.length}`, 'content-length': 0 });
  } else if (range.kind === 'part') {
    const { start, end } = range;
    response.writeHead(206, {
      'content-range': `bytes ${start}-${end}/${image.length}`,
      'content-length': end - start + 1,
    });
  } else {
    response.writeHead(200, { 'content-length': image.length });
  }
};

const refuse = (logger: Logger, request: IncomingMessage, response: ServerResponse, error: unknown): void => {
  const code = errorCode(error, 'internal-error');
  if (response.headersSent) {
    logger.debug('An image download was interrupted', { code });
    response.destroy();
    return;
  }
  const { status, problem } = problemOf(error, logger);
  const body = JSON.stringify(problem);
  response.writeHead(status, { 'content-type': 'application/problem+json' });
  response.end(request.method === 'HEAD' ? undefined : body);
  request.resume();
};
