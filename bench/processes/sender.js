/** Sends images from memory in (b). Not measured. */
import { once } from 'node:events';
import { request } from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { connect } from 'node:tls';
import { ftpBulkPath } from '@postern/bulk-transfer';
import { Seconds, silentLogger, systemClock } from '@postern/core';
import { clientTlsOptions } from '@postern/pki';
import { cpuSeconds, serve } from '../support/child.js';
import { imagePieces } from '../support/image.js';
import { LOGIN, UPLOAD_NAME } from '../support/update-target.js';

const HOST = '127.0.0.1';

/** @type {import('@postern/pki').EnrolledNode} */
let node;

const tlsOptions = () => clientTlsOptions(node, { expect: { role: 'device' } });

/** @param {number} length */
const content = (length) => Readable.from(imagePieces(length), { objectMode: false });

/** @type {Readonly<Record<string, (port: number, length: number) => Promise<unknown>>>} */
const TRANSPORTS = {
  ftp: async (port, length) => {
    const { signal } = new AbortController();
    const path = ftpBulkPath({ clock: systemClock, logger: silentLogger });
    const session = await path.open({ host: HOST, port }, LOGIN, signal);
    await session.store(UPLOAD_NAME, content(length), { offset: 0 }, signal);
    await session.close(Seconds(5));
  },
  tls: async (port, length) => {
    /** @type {import('node:tls').ConnectionOptions & { allowHalfOpen: boolean }} */
    const options = { ...tlsOptions(), host: HOST, port, allowHalfOpen: true };
    const socket = connect(options);
    await once(socket, 'secureConnect');
    const answer = once(socket, 'data');
    await pipeline(content(length), socket);
    await answer;
    socket.destroy();
  },
  https: async (port, length) => {
    const upload = request({
      ...tlsOptions(),
      host: HOST,
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
  },
};

serve({
  /** @param {import('@postern/pki').EnrolledNode} given */
  identity: (given) => {
    node = given;
  },
  /** @param {{ transport: string, port: number, length: number }} order */
  send: async ({ transport, port, length }) => {
    await TRANSPORTS[transport]?.(port, length);
  },
  cpu: cpuSeconds,
});
