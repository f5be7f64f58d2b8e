/**
 * The process that is measured in (b): receives one image at a time over the bulk path it is told, and tells what
 * CPU time that took. Every verified way hands its chunks to the same receiver of the same update target.
 */
import { createCipheriv, createHash } from 'node:crypto';
import { createServer as createHttpsServer } from 'node:https';
import { createBulkServer, generateSshHostKey } from '@postern/bulk-transfer';
import { silentLogger, systemClock } from '@postern/core';
import { serverTlsOptions } from '@postern/pki';
import { cpuSeconds, serve } from '../support/child.js';
import { createWaitingTarget, LOGIN, UPLOAD_NAME } from '../support/update-target.js';

/** @typedef {import('@postern/software-update').BulkReceiver} BulkReceiver */
/** @typedef {import('@postern/software-update').BulkService} BulkService */
/** @typedef {import('@postern/software-update').BulkPathKind} BulkPathKind */

const HOST = '127.0.0.1';

/** @type {import('@postern/pki').EnrolledNode | undefined} */
let node;
/** @type {{ close: () => Promise<unknown>, started: number } | undefined} */
let open;

/**
 * Takes any image from anybody: what remains when the update target is taken away.
 *
 * @param {() => BulkReceiver} receive
 * @returns {BulkService}
 */
const bareService = (receive) => ({
  login: async () => ({
    list: async () => [],
    read: async () => undefined,
    size: async () => 0,
    receive: async () => receive(),
    revoked: new AbortController().signal,
    ended: () => {},
  }),
});

/** Looks at nothing. @returns {BulkReceiver} */
const droppingReceiver = () => ({
  write: async () => {},
  finish: async () => 'taken',
  abort: async () => {},
});

/** Knows nothing but the digest. @param {string} sha256 @returns {BulkReceiver} */
const digestReceiver = (sha256) => {
  const hash = createHash('sha256');
  return {
    ...droppingReceiver(),
    write: async (chunk) => {
      hash.update(chunk);
    },
    finish: async () => {
      if (hash.digest('hex') !== sha256) throw new Error('Another digest');
      return 'verified';
    },
  };
};

/** @typedef {'target' | 'digest' | 'nothing'} Check What is done with the bytes. */

/** @param {Check} check @param {{ length: number, sha256: string }} image @returns {Promise<BulkService>} */
const serviceOf = async (check, image) => {
  if (check === 'target') return createWaitingTarget(image);
  return bareService(check === 'digest' ? () => digestReceiver(image.sha256) : droppingReceiver);
};

/** The project's own server of the kind, with keys of the kind that a device has. @param {BulkPathKind} kind @param {BulkService} service */
const openBulkPath = async (kind, service) => {
  const server = await createBulkServer(kind, {
    service,
    clock: systemClock,
    logger: silentLogger,
    host: HOST,
    port: 0,
    ...(node === undefined ? {} : { tls: { key: node.privateKeyPem, cert: node.certificatePem } }),
    ...(kind === 'sftp' ? { hostKey: generateSshHostKey() } : {}),
  });
  const endpoint = { host: HOST, port: server.port, kind };
  const { fingerprint } = server;
  return {
    endpoint: fingerprint === undefined ? endpoint : { ...endpoint, hostKey: fingerprint },
    close: () => server.close(),
  };
};

/** @param {BulkService} service @returns {Promise<BulkReceiver>} */
const receiverOf = async (service) => {
  const session = await service.login(LOGIN.userName, LOGIN.oneTimePassword, HOST);
  if (session === undefined) throw new Error('The target refused the login');
  return session.receive(UPLOAD_NAME, 0);
};

/** @param {AsyncIterable<Uint8Array>} chunks @param {BulkReceiver} receiver */
const takeAll = async (chunks, receiver) => {
  for await (const chunk of chunks) await receiver.write(chunk);
  await receiver.finish();
};

/** For comparison, and no bulk path: one PUT over mutual TLS. @param {BulkService} service */
const openHttps = async (service) => {
  if (node === undefined) throw new Error('HTTPS needs an identity');
  const receiver = await receiverOf(service);
  const tls = serverTlsOptions(node, { clientAuthentication: 'required' });
  const server = createHttpsServer(tls, async (request, response) => {
    await takeAll(request, receiver);
    response.writeHead(201, { connection: 'close' }).end();
  });
  await new Promise((resolve) => server.listen(0, HOST, () => resolve(undefined)));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port');
  return {
    endpoint: { host: HOST, port: address.port, kind: 'https' },
    close: () => new Promise((resolve) => server.close(resolve)),
  };
};

/** Megabytes a second of one core. @param {(block: Buffer) => unknown} work */
const speed = (work) => {
  const block = Buffer.alloc(65_536);
  const blocks = 1_024;
  for (let index = 0; index < 64; index += 1) work(block);
  const started = cpuSeconds();
  for (let index = 0; index < blocks; index += 1) work(block);
  return (blocks * block.length) / 1e6 / (cpuSeconds() - started);
};

serve({
  /** @param {import('@postern/pki').EnrolledNode} given */
  identity: (given) => {
    node = given;
  },
  /** What this process's OpenSSL can do: shows that the capability mask is in effect. */
  speeds: () => {
    const cipher = createCipheriv('aes-256-gcm', Buffer.alloc(32), Buffer.alloc(12));
    return {
      sha256: speed((block) => createHash('sha256').update(block).digest()),
      aesGcm: speed((block) => cipher.update(block)),
    };
  },
  /**
   * @param {{ kind: BulkPathKind | 'https', check: Check, image: { length: number, sha256: string } }} order
   * @returns where to send the image
   */
  open: async ({ kind, check, image }) => {
    const service = await serviceOf(check, image);
    const opened = kind === 'https' ? await openHttps(service) : await openBulkPath(kind, service);
    globalThis.gc?.();
    open = { close: opened.close, started: cpuSeconds() };
    return opened.endpoint;
  },
  cpu: cpuSeconds,
  /** CPU-seconds since `open`, handshake and login included; asked for when the sender has its answer. */
  close: async () => {
    const used = cpuSeconds() - (open?.started ?? 0);
    await open?.close();
    open = undefined;
    return used;
  },
});
