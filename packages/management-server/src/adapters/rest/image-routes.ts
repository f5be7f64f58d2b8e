import type { IncomingMessage } from 'node:http';
import { errorCode, PosternError } from '@postern/core';
import type { ImageStore } from '@postern/storage';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { serverError } from '../../errors.ts';

export interface ImageRoutesParts {
  readonly images: ImageStore;
  /** Longest image, bytes. */
  readonly mostBytes: number;
}

const params = z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/) });

/** Upload of images, and whether one is here already. */
export const imageRoutes =
  ({ images, mostBytes }: ImageRoutesParts) =>
  async (app: FastifyInstance): Promise<void> => {
    // The body stays a stream: an image goes to the disk chunk by chunk.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload));

    app.get('/images/:sha256', async (request) => {
      const sha256 = digestOf(request.params);
      const image = await images.stat(sha256);
      if (image === undefined) throw serverError('image-missing', `The image ${sha256} is not here`);
      return { sha256, length: image.length };
    });

    app.put('/images/:sha256', { bodyLimit: mostBytes }, async (request, reply) => {
      const sha256 = digestOf(request.params);
      const length = announcedLength(request.headers['content-length'], mostBytes);
      const held = await images.stat(sha256);
      // An image under its digest was verified: there is nothing to read. Node drops what still comes.
      if (held !== undefined) return { sha256, length: held.length };
      await receive(images, sha256, length, request.body as IncomingMessage);
      reply.code(201).header('location', `/api/v1/images/${sha256}`);
      return { sha256, length };
    });
  };

const digestOf = (value: unknown): string => {
  const parsed = params.safeParse(value);
  if (!parsed.success) throw serverError('digest-invalid', 'The path names no SHA-256 digest');
  return parsed.data.sha256;
};

const announcedLength = (header: string | undefined, mostBytes: number): number => {
  if (header === undefined) throw serverError('length-required', 'The request announces no length');
  const length = Number(header);
  if (length === 0) throw serverError('image-empty', 'The body is empty');
  if (!(length <= mostBytes)) throw serverError('body-too-large', `An image has at most ${mostBytes} bytes`);
  return length;
};

/** Iterating over the request reads only as fast as the disk writes. What was received of a refused image is removed. */
const receive = async (
  images: ImageStore,
  sha256: string,
  length: number,
  body: IncomingMessage,
): Promise<void> => {
  const receiver = await images.receive({ sha256, length });
  try {
    // The request stays open when writing fails, so that the client reads the refusal.
    for await (const chunk of body.iterator({ destroyOnReturn: false })) await receiver.write(chunk);
    await receiver.finish();
  } catch (error) {
    await receiver.abort();
    await images.remove(sha256);
    if (errorCode(error, '') !== 'ECONNRESET') throw error;
    throw new PosternError('length-mismatch', 'The connection ended before the whole image was here');
  }
};
