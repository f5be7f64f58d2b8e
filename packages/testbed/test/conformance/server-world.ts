import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  createClosers,
  Hours,
  Instant,
  type NodeRole,
  silentLogger,
  systemClock,
  systemEntropy,
} from '@postern/core';
import { startManagementServer } from '@postern/management-server';
import { createOperatorClient } from '@postern/management-server/client';
import { type EnrolledNode, ensureNodeIdentity, openAuthority } from '@postern/pki';
import { generateVendorKey, signManifest, vendorSignerFromPem } from '@postern/software-update';
import type { ServerTargetOptions } from '@postern/testbed/conformance';
import { afterwards, temporaryDirectory } from '../support/afterwards.ts';

export const ports = { clock: systemClock, entropy: systemEntropy, logger: silentLogger };

/** Our own management server, identities of its CA, and how to check it. */
export const serverWorld = async () => {
  const directory = await temporaryDirectory();
  const path = (name: string): string => join(directory, name);
  const authority = await openAuthority({ directory: path('ca'), ...ports });
  const enrol = (role: NodeRole, name: string): Promise<EnrolledNode> =>
    ensureNodeIdentity({
      directory: path(name),
      identity: { role, name },
      authority,
      ...ports,
      lifetime: Hours(100),
    });
  const vendor = generateVendorKey();
  await writeFile(path('vendor.pub'), vendor.publicKeyPem);
  const nodes = {
    server: await enrol('server', 'server'),
    site: await enrol('intermediary', 'conformance-a'),
    other: await enrol('intermediary', 'conformance-b'),
    outsider: await enrol('device', 'conformance-c'),
    operator: await enrol('operator', 'conformance-d'),
  };
  const server = await startManagementServer(
    {
      dataDir: path('data'),
      identityDir: path('server'),
      uplink: { port: 0 },
      rest: { port: 0 },
      vendorKeyFiles: [path('vendor.pub')],
      calls: { answering: 'operator' },
    },
    ports,
  );
  const closers = createClosers();
  closers.add(() => server.close());
  afterwards(() => closers.close());
  const token = (await readFile(server.operatorTokenFile, 'utf8')).trim();
  const software = await registerSoftware(server.restPort, token, nodes.server, vendor.privateKeyPem);
  const urls = {
    uplink: `https://127.0.0.1:${server.uplinkPort}/uplink`,
    operator: `https://127.0.0.1:${server.restPort}/soap/operator`,
  };
  const everything: ServerTargetOptions = {
    ...ports,
    url: urls.uplink,
    node: nodes.site,
    other: nodes.other,
    outsider: nodes.outsider,
    operator: { url: urls.operator, token },
  };
  return { nodes, path, token, urls, software, everything, closers };
};

const IMAGE = Buffer.from('firmware 2.0: not very long, but long enough to be asked for in parts');

/** Something that an update can be ordered with. */
const registerSoftware = async (
  port: number,
  token: string,
  { caPem }: EnrolledNode,
  vendorKeyPem: string,
): Promise<string> => {
  const sha256 = createHash('sha256').update(IMAGE).digest('hex');
  const manifest = signManifest(
    {
      format: 1,
      software: 'firmware',
      model: 'MFP-1',
      expires: Instant(Date.UTC(2040, 0, 1)),
      components: [{ name: 'firmware', version: '2.0.0', length: IMAGE.length, sha256, releaseCounter: 2 }],
    },
    vendorSignerFromPem(vendorKeyPem),
  );
  const client = createOperatorClient({ url: `https://127.0.0.1:${port}`, token, trust: { caPem } });
  try {
    await client.putImage(sha256, IMAGE.length, Readable.from([IMAGE]));
    return (await client.registerSoftware(Buffer.from(manifest))).id;
  } finally {
    await client.close();
  }
};
