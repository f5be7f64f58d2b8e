import type { BulkPath } from '@postern/software-update';
import type { OpenUpdate } from './open-update.ts';

/**
 * The bulk path of one update: to where the device said, when it took the credential, that it listens, or to where it
 * said later on the secure path. A device may have another address after its restart.
 */
export const followMoves = (bulkPath: BulkPath, update: Pick<OpenUpdate, 'movedTo'>): BulkPath => ({
  open: (endpoint, login, signal) => {
    const { host, port } = update.movedTo ?? endpoint;
    return bulkPath.open({ ...endpoint, host, port }, login, signal);
  },
});
