import { join } from 'node:path';
import { Days, systemClock, systemEntropy } from '@postern/core';
import { ensureNodeIdentity, openAuthority } from '@postern/pki';

const HOSTS = { dnsNames: ['localhost'], addresses: ['127.0.0.1'] };

/**
 * A CA of this run's own below `directory`, and what enrols nodes at it.
 *
 * @param {string} directory
 */
export const createIdentities = async (directory) => {
  const authority = await openAuthority({
    directory: join(directory, 'ca'),
    clock: systemClock,
    entropy: systemEntropy,
  });
  return {
    /**
     * Writes the bundle of a node.
     *
     * @param {import('@postern/core').NodeRole} role
     * @param {string} name
     */
    enrol: async (role, name) => {
      const bundle = join(directory, `${role}-${name}`);
      const node = await ensureNodeIdentity({
        directory: bundle,
        identity: { role, name },
        clock: systemClock,
        authority,
        ...HOSTS,
      });
      return { directory: bundle, node };
    },
    /**
     * Issues a certificate without writing it anywhere; for thousands of clients.
     *
     * @param {import('@postern/core').NodeRole} role
     * @param {string} name
     */
    issue: async (role, name) => {
      const issued = await authority.issue({ identity: { role, name }, lifetime: Days(1), ...HOSTS });
      return { key: issued.privateKeyPem, cert: issued.certificatePem };
    },
    caPem: authority.certificatePem,
  };
};
