import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClosers, Hours, silentLogger, systemClock, systemEntropy } from '@postern/core';
import { startManagementServer } from '@postern/management-server';
import { type EnrolledNode, ensureNodeIdentity, openAuthority } from '@postern/pki';
import { generateVendorKey } from '@postern/software-update';
import { afterwards, temporaryDirectory } from '../support/afterwards.ts';

const ports = { clock: systemClock, entropy: systemEntropy, logger: silentLogger };

/** Our own management server, and identities of its CA. */
export const serverWorld = async () => {
  const directory = await temporaryDirectory();
  const path = (name: string): string => join(directory, name);
  const authority = await openAuthority({ directory: path('ca'), ...ports });
  const enrol = (role: 'server' | 'intermediary', name: string): Promise<EnrolledNode> =>
    ensureNodeIdentity({
      directory: path(name),
      identity: { role, name },
      authority,
      ...ports,
      lifetime: Hours(100),
    });
  await enrol('server', 'server');
  await writeFile(path('vendor.pub'), generateVendorKey().publicKeyPem);
  const closers = createClosers();
  afterwards(() => closers.close());
  const server = await startManagementServer(
    {
      dataDir: path('data'),
      identityDir: path('server'),
      uplink: { port: 0 },
      rest: { port: 0 },
      vendorKeyFiles: [path('vendor.pub')],
    },
    ports,
  );
  closers.add(() => server.close());
  return { server, enrol, path };
};
