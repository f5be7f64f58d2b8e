import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Hours, silentLogger, systemClock, systemEntropy } from '@postern/core';
import { type Intermediary, parseConfig, startIntermediary } from '@postern/intermediary';
import { type EnrolledNode, ensureNodeIdentity, openAuthority } from '@postern/pki';
import { generateVendorKey, type Signer, vendorSignerFromPem } from '@postern/software-update';
import {
  type IntermediaryTarget,
  type IntermediaryTargetOptions,
  openIntermediaryTarget,
} from '@postern/testbed/conformance';
import { connectTcp } from '../../src/tcp/connect.ts';
import { listenTcp } from '../../src/tcp/listener.ts';
import { afterwards, temporaryDirectory } from '../support/afterwards.ts';

const HOST = '127.0.0.1';
const ports = { clock: systemClock, entropy: systemEntropy, logger: silentLogger };

/** Identities of one CA, and a vendor's key. */
export interface IntermediaryWorld {
  readonly path: (name: string) => string;
  readonly server: EnrolledNode;
  readonly intermediary: EnrolledNode;
  readonly device: EnrolledNode;
  readonly patentDevice: EnrolledNode;
  readonly vendor: Signer;
}

export const intermediaryWorld = async (): Promise<IntermediaryWorld> => {
  const directory = await temporaryDirectory();
  const path = (name: string): string => join(directory, name);
  const authority = await openAuthority({ directory: path('ca'), ...ports });
  const enrol = (role: EnrolledNode['identity']['role'], name: string): Promise<EnrolledNode> =>
    ensureNodeIdentity({
      directory: path(name),
      identity: { role, name },
      authority,
      ...ports,
      lifetime: Hours(100),
    });
  const { privateKeyPem, publicKeyPem } = generateVendorKey();
  await writeFile(path('vendor.pub'), publicKeyPem);
  return {
    path,
    server: await enrol('server', 'server'),
    intermediary: await enrol('intermediary', 'site-a'),
    device: await enrol('device', 'conformance-1'),
    patentDevice: await enrol('device', 'conformance-2'),
    vendor: vendorSignerFromPem(privateKeyPem),
  };
};

/** Where the server is to be found that is played later: an intermediary has to be configured with it first. */
export const openWay = async () => {
  let target: IntermediaryTarget | undefined;
  const over = new AbortController();
  const way = await listenTcp({ host: HOST, port: 0 }, (socket) => {
    if (target === undefined) {
      socket.destroy();
      return;
    }
    connectTcp(systemClock, { host: HOST, port: target.server.port }, over.signal)
      .then((onward) => Promise.all([pipeline(socket, onward), pipeline(onward, socket)]))
      .catch(() => socket.destroy());
  });
  afterwards(() => {
    over.abort();
    return way.close();
  });
  return {
    uplinkUrl: `https://${HOST}:${way.port}/uplink`,
    leadsTo: (to: IntermediaryTarget): void => {
      target = to;
    },
  };
};

/** What `postern conformance intermediary` makes of its options. */
export const targetAt = async (
  { server, device, patentDevice, vendor }: IntermediaryWorld,
  url: string,
  options: Partial<IntermediaryTargetOptions> = {},
): Promise<IntermediaryTarget> => {
  const target = await openIntermediaryTarget({
    url,
    node: device,
    server,
    patentDevice,
    signers: [vendor],
    listen: { host: HOST, port: 0 },
    ...ports,
    ...options,
  });
  afterwards(() => target.close());
  return target;
};

/** Our own intermediary, in a hurry. */
export const startOurs = async ({ path }: IntermediaryWorld, uplinkUrl: string): Promise<Intermediary> => {
  const started = await startIntermediary(
    parseConfig({
      dataDir: path('data'),
      identityDir: path('site-a'),
      uplink: { url: uplinkUrl, serverName: 'server', firstPause: 0.05, longestPause: 0.2 },
      secure: { host: HOST, port: 0 },
      notice: { host: HOST, port: 0 },
      operation: false,
      vendorKeyFiles: [path('vendor.pub')],
      calls: { answerWithin: 0.5 },
      requests: { firstPause: 0.1, longestPause: 0.2, delayNoticeAfter: 0.2 },
      policy: { retryPause: 0.05, longestPause: 0.2, restartTimeout: 5 },
    }),
    ports,
  );
  afterwards(() => started.close());
  return started;
};
