import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock, Entropy, NodeIdentity } from '@postern/core';
import { type EnrolledNode, ensureNodeIdentity, openAuthority } from '@postern/pki';

/** An identity of the same name, of a CA that was made for this and that nobody trusts. Leaves nothing on the disk. */
export const makeStranger = async (
  identity: NodeIdentity,
  ports: { readonly clock: Clock; readonly entropy: Entropy },
): Promise<EnrolledNode> => {
  const directory = await mkdtemp(join(tmpdir(), 'postern-conformance-'));
  try {
    const authority = await openAuthority({ directory: join(directory, 'ca'), ...ports });
    return await ensureNodeIdentity({
      directory: join(directory, 'node'),
      identity,
      clock: ports.clock,
      authority,
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};
