/** Sends images from memory in (b) and (c). In (b) it is not measured. */
import { once } from 'node:events';
import { request } from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { bulkPaths } from '@postern/bulk-transfer';
import { Seconds, silentLogger, systemClock } from '@postern/core';
import { clientTlsOptions } from '@postern/pki';
import { cpuSeconds, serve } from '../support/child.js';
import { imagePieces } from '../support/image.js';
import { LOGIN, UPLOAD_NAME } from '../support/update-target.js';

/** @type {import('@postern/pki').EnrolledNode} */
let node;

const paths = bulkPaths({ clock: systemClock, logger: silentLogger });

/** @param {number} length */
const content = (length) => Readable.from(imagePieces(length), { objectMode: false });

/** With the updater's own client. @param {import('@postern/software-update').BulkEndpoint} endpoint @param {number} length */
const upload = async (endpoint, length) => {
  const { signal } = new AbortController();
  const session = await paths.open(endpoint, LOGIN, signal);
  await session.store(UPLOAD_NAME, content(length), { offset: 0 }, signal);
  await session.close(Seconds(5));
};

/** @param {{ host: string, port: number }} endpoint @param {number} length */
const put = async ({ host, port }, length) => {
  const upload = request({
    ...clientTlsOptions(node, { expect: { role: 'device' } }),
    host,
    port,
    method: 'PUT',
    path: `/${UPLOAD_NAME}`,
    headers: { 'content-length': length },
    agent: false,
  });
  const answer = once(upload, 'response');
  await pipeline(content(length), upload);
  const [response] = await answer;
  response.resume();
  if (response.statusCode !== 201) throw new Error(`HTTPS PUT was answered with ${response.statusCode}`);
  await once(response, 'end');
};

serve({
  /** @param {import('@postern/pki').EnrolledNode} given */
  identity: (given) => {
    node = given;
  },
  /** @param {{ endpoint: any, length: number }} order What a receiver's `open` gave. */
  send: ({ endpoint, length }) => (endpoint.kind === 'https' ? put : upload)(endpoint, length),
  cpu: cpuSeconds,
});
