import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import type { StepObserver } from '@postern/contracts';
import {
  type Clock,
  createClosers,
  type Entropy,
  errorMessage,
  type Logger,
  packageVersion,
  Seconds,
} from '@postern/core';
import {
  type EnrolledNode,
  guardedListener,
  openNodeIdentity,
  openRevocations,
  peerIdentity,
  type RevocationList,
} from '@postern/pki';
import { createSoapListener, HeldPolls, IMAGE_PREFIX, type SoapListener } from '@postern/soap-rpc';
import { pinVendorKeys, type VendorTrust, vendorKeyFromPem } from '@postern/software-update';
import { createImageStore, type ImageStore, lockDirectory, removeTemporaryFiles } from '@postern/storage';
import { OperatorAccess } from './adapters/operator-access/operator-access.ts';
import { openOperatorToken } from './adapters/operator-access/operator-token.ts';
import { createOperatorEndpoint } from './adapters/operator-soap/operator-endpoint.ts';
import { EventStreams } from './adapters/rest/event-streams.ts';
import { NoticeStreams } from './adapters/rest/notice-streams.ts';
import { type RestServer, startRestServer } from './adapters/rest/rest-server.ts';
import { openStores } from './adapters/sqlite/stores.ts';
import { openTimeKey, type TimeKey } from './adapters/time-key.ts';
import { imagesForSites } from './adapters/uplink/images-for-sites.ts';
import { createUplinkService } from './adapters/uplink/uplink-service.ts';
import { composeDomain, type Domain } from './compose.ts';
import { parseServerConfig, type ServerConfig, type ServerConfigInput } from './config.ts';
import type { PostMail } from './domain/mail/mail-outbox.ts';
import { serverError } from './errors.ts';
import { operatorUseCases } from './use-cases/operator-use-cases.ts';

/** The ports to the outside world that a process brings along. */
export interface ServerPorts {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly logger: Logger;
  /** Told of the steps of Fig 10 and Fig 11 that this server takes. */
  readonly onStep?: StepObserver | undefined;
}

/** A management server that runs. */
export interface ManagementServer {
  /** As its certificate says: what intermediaries expect at the uplink. */
  readonly name: string;
  /** Where intermediaries call: SOAP at /uplink and images at /images/, mutual TLS. */
  readonly uplinkPort: number;
  /** Where operators call: /api/v1 and /soap/operator; TLS, and the operator token or a certificate of their role. */
  readonly restPort: number;
  /** Holds the operators' token; readable by the server's user only. */
  readonly operatorTokenFile: string;
  /** Holds the public half of the key that signs the time for devices without a clock. */
  readonly timeKeyFile: string;
  /** Answers held polls with nothing, ends streams, writes what is only in memory, releases everything. Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts a management server on its data directory. The identity bundle must exist; the server makes no certificates.
 *
 * @throws PosternError `config-invalid`, `directory-in-use`, `listen-failed`, and those of storage and pki
 */
export const startManagementServer = async (
  input: ServerConfigInput,
  ports: ServerPorts,
): Promise<ManagementServer> => {
  const config = parseServerConfig(input);
  const closers = createClosers();
  try {
    const node = await openServerIdentity(config, ports.clock);
    const revocations = await openRevocations(config.revocationListFile, { ...ports, caPem: node.caPem });
    closers.add(() => revocations?.close());
    const vendorTrust = await readVendorKeys(config);
    const lock = await lockDirectory(config.dataDir);
    closers.add(() => lock.release());
    await removeTemporaryFiles(config.dataDir);
    const stores = await openStores(config.dataDir, ports.logger);
    closers.add(() => stores.close());
    const images = await createImageStore({
      directory: join(config.dataDir, 'images'),
      clock: ports.clock,
      maxBytes: config.limits.imageStoreBytes,
    });
    const timeKey = await openTimeKey(config.dataDir);
    const placementTrust = { caPem: node.caPem, revocations };
    const postMail = await openMail(config, ports, node, revocations);
    const domain = composeDomain({
      ...ports,
      config,
      stores,
      images,
      vendorTrust,
      timeKey,
      placementTrust,
      postMail,
      onStep: (step, subject) => ports.onStep?.({ step, node: node.identity.name, subject }),
    });
    closers.add(() => domain.close());
    domain.mailOutbox?.begin();
    closers.add(() => domain.mailOutbox?.close());
    const operatorTokenFile = join(config.dataDir, 'operator.token');
    const rest = await startRest(
      config,
      ports,
      { node, revocations },
      domain,
      images,
      timeKey,
      operatorTokenFile,
    );
    closers.add(() => rest.close());
    const uplink = await startUplink(config, ports, { node, revocations }, domain, images);
    closers.add(() => uplink.close());
    ports.logger.info('management server started', { uplinkPort: uplink.port, restPort: rest.port });
    return {
      name: node.identity.name,
      uplinkPort: uplink.port,
      restPort: rest.port,
      operatorTokenFile,
      timeKeyFile: timeKey.publicKeyFile,
      close: () => closers.close(),
    };
  } catch (error) {
    await closers.close();
    throw error;
  }
};

/** Code for mail is loaded where requests may go down by mail. */
const openMail = async (
  { mail, identityDir }: ServerConfig,
  { clock, entropy }: ServerPorts,
  { identity }: EnrolledNode,
  revocations: RevocationList | undefined,
): Promise<PostMail | undefined> => {
  if (mail === undefined) return undefined;
  const { openMailPost } = await import('./adapters/mail/mail-post.ts');
  return openMailPost({ mail, identityDir, identity, revocations, clock, entropy });
};

const startUplink = (
  config: ServerConfig,
  { clock, logger }: ServerPorts,
  trust: { readonly node: EnrolledNode; readonly revocations: RevocationList | undefined },
  domain: Domain,
  images: ImageStore,
): Promise<SoapListener> => {
  const held = new HeldPolls(clock, config.limits.heldPolls);
  domain.waiting.onWaiting((intermediary) => held.end(intermediary));
  const service = createUplinkService({
    ...domain,
    held,
    logger,
    holdAtMost: Seconds(config.holdSecondsMax),
    nextPoll: Seconds(config.nextPollSeconds),
  });
  const { admission, stores } = domain;
  return createSoapListener({
    ...config.uplink,
    services: { '/uplink': service },
    routes: {
      [IMAGE_PREFIX]: imagesForSites({
        admission,
        images,
        software: stores.software,
        clock,
        logger,
      }),
    },
    ...guardedListener(trust.node, { clientAuthentication: 'required' }, trust.revocations),
    peerIdentity: (socket) => peerIdentity(socket as TLSSocket),
    limits: { connections: config.limits.uplinkConnections },
    clock,
    logger,
  });
};

const startRest = async (
  config: ServerConfig,
  { clock, entropy, logger }: ServerPorts,
  trust: { readonly node: EnrolledNode; readonly revocations: RevocationList | undefined },
  domain: Domain,
  images: ImageStore,
  timeKey: TimeKey,
  operatorTokenFile: string,
): Promise<RestServer> => {
  const { stores, live } = domain;
  const updateStreams = new EventStreams({ stores, live, clock });
  const noticeStreams = new NoticeStreams({ notices: stores.notices, live: domain.liveNotices, clock });
  const useCases = operatorUseCases(domain);
  const token = await openOperatorToken(operatorTokenFile, entropy);
  const access = new OperatorAccess({ token, refused: domain.refusedOperators, clock, logger });
  const bodyBytes = config.limits.jsonBodyBytes;
  const soap = createOperatorEndpoint({ useCases, access, clock, logger, bodyBytes });
  const server = await startRestServer({
    ...config.rest,
    ...guardedListener(trust.node, { clientAuthentication: 'requested' }, trust.revocations),
    access,
    logger,
    connections: config.limits.restConnections,
    jsonBodyBytes: config.limits.jsonBodyBytes,
    version: packageVersion(new URL('../package.json', import.meta.url)),
    images: { images, mostBytes: config.limits.imageBytes },
    keys: { ...domain, timeKey },
    stores,
    useCases,
    updateStreams,
    noticeStreams,
    soap,
  });
  return {
    port: server.port,
    close: async () => {
      updateStreams.closeAll();
      noticeStreams.closeAll();
      domain.reads.close();
      soap.close();
      await server.close();
    },
  };
};

const openServerIdentity = async (config: ServerConfig, clock: Clock): Promise<EnrolledNode> => {
  const node = await openNodeIdentity({ directory: config.identityDir, clock });
  if (node.identity.role === 'server') return node;
  throw serverError('config-invalid', `identityDir: the identity in it is that of a ${node.identity.role}`);
};

const readVendorKeys = async ({ vendorKeyFiles, vendorThreshold }: ServerConfig): Promise<VendorTrust> => {
  const pems: string[] = [];
  for (const path of vendorKeyFiles) {
    try {
      const pem = await readFile(path, 'utf8');
      vendorKeyFromPem(pem);
      pems.push(pem);
    } catch (cause) {
      const reason = `vendorKeyFiles: ${path} holds no Ed25519 public key: ${errorMessage(cause)}`;
      throw serverError('config-invalid', reason, { cause });
    }
  }
  // Without any key a server is of use for nothing but what it holds already, and starts all the same.
  if (pems.length === 0) return { sequence: 0, threshold: vendorThreshold, keys: new Map() };
  try {
    return pinVendorKeys(pems, vendorThreshold);
  } catch (cause) {
    throw serverError('config-invalid', `vendorThreshold: ${errorMessage(cause)}`, { cause });
  }
};
