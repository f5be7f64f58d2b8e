import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Days, Instant, systemClock } from '@postern/core';
import { createOperatorClient } from '@postern/management-server/client';
import { generateVendorKey, signManifest, vendorSignerFromPem } from '@postern/software-update';
import { startChild } from './children.js';
import { createIdentities } from './identities.js';
import { imageDigest, imagePieces, versionLine } from './image.js';
import { COMPONENT, MODEL } from './product.js';

/**
 * The real management server in a child process, with a CA and a vendor key of this run's own.
 *
 * @param {string} directory
 * @param {{ child: import('./children.js').ChildOptions, config?: { holdSecondsMax?: number } }} options
 */
export const startServerSite = async (directory, { child: childOptions, config = {} }) => {
  const identities = await createIdentities(directory);
  const vendor = generateVendorKey();
  const vendorKeyFile = join(directory, 'vendor.pem');
  await writeFile(vendorKeyFile, vendor.publicKeyPem);
  const { directory: identityDir, node } = await identities.enrol('server', 'bench-server');
  const child = startChild('management-server.js', childOptions);
  const { uplinkPort, restPort, token } = await child.ask('start', {
    dataDir: join(directory, 'server'),
    identityDir,
    uplink: { port: 0 },
    rest: { port: 0 },
    vendorKeyFiles: [vendorKeyFile],
    ...config,
  });
  const operator = createOperatorClient({
    url: `https://127.0.0.1:${restPort}`,
    token,
    trust: { caPem: node.caPem },
  });
  const signer = vendorSignerFromPem(vendor.privateKeyPem);
  return {
    child,
    identities,
    identityDir,
    operator,
    uplinkPort,
    vendorKeyFile,
    /**
     * Uploads an image that begins with its version, and registers the release that consists of it.
     *
     * @param {{ version: string, releaseCounter: number, length: number }} release
     * @returns {Promise<string>} the software's identifier
     */
    publish: async ({ version, releaseCounter, length }) => {
      const header = versionLine(version);
      const sha256 = imageDigest(length, header);
      await operator.putImage(
        sha256,
        length,
        Readable.from(imagePieces(length, header), { objectMode: false }),
      );
      const signed = signManifest(
        {
          format: 1,
          software: MODEL,
          model: MODEL,
          expires: Instant(systemClock.now() + Days(1)),
          components: [{ name: COMPONENT, version, length, sha256, releaseCounter }],
        },
        signer,
      );
      return (await operator.registerSoftware(signed)).id;
    },
    stop: async () => {
      await operator.close();
      await child.stop();
    },
  };
};
