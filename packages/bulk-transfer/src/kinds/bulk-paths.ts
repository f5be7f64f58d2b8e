import type { BulkPath } from '@postern/software-update';
import type { BulkClientOptions } from '../common/client-limits.ts';
import { KINDS } from './kinds.ts';

/** The bulk path of every kind: the endpoint says which (`ftp` unless it does). */
export const bulkPaths = (options: BulkClientOptions): BulkPath => ({
  open: async (endpoint, login, signal) => {
    const kind = await KINDS[endpoint.kind ?? 'ftp']();
    return kind.openPath(options).open(endpoint, login, signal);
  },
});
