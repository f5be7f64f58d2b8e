import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '@postern/core';
import { createImageStore, type ImageStore } from '@postern/storage';
import { Agent } from 'undici';
import { imageDownload } from '../../src/adapters/images/image-download.ts';
import { siteImages } from '../../src/domain/images/site-images.ts';
import { afterThisTest, temporaryDirectory } from './directory.ts';

export type Serve = (request: IncomingMessage, response: ServerResponse, offset: number, nth: number) => void;

/** Images of a site whose server is scripted. */
export const imageSite = async (serve: Serve, options: { maxBytes?: number; needed?: string[] } = {}) => {
  const ranges: number[] = [];
  const server = createServer((request, response) => {
    const offset = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    ranges.push(offset);
    serve(request, response, offset, ranges.length);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0 });
  afterThisTest(async () => {
    await agent.destroy();
    server.closeAllConnections();
    server.close();
  });
  const store: ImageStore = await createImageStore({
    directory: await temporaryDirectory(),
    clock: systemClock,
    maxBytes: options.maxBytes ?? 10_000_000,
    freeBytes: async () => 1_000_000_000,
  });
  const { port } = server.address() as AddressInfo;
  const images = siteImages({
    store,
    download: imageDownload(agent, `http://127.0.0.1:${port}`),
    clock: systemClock,
    needed: () => new Set(options.needed ?? []),
  });
  return { store, images, ranges };
};

/** A server that does it right: 206 with the rest, 200 with the whole. */
export const serveRange = (response: ServerResponse, content: Buffer, offset: number): void => {
  const rest = content.subarray(offset);
  const range = { 'content-range': `bytes ${offset}-${content.length - 1}/${content.length}` };
  response.writeHead(offset > 0 ? 206 : 200, { 'content-length': rest.length, ...(offset > 0 ? range : {}) });
  response.end(rest);
};
