import { type BulkKind, requireIdentity } from '../kinds/bulk-kind.ts';
import { ftpsBulkPath } from './client/ftps-bulk-path.ts';
import { createFtpsServer } from './server/ftps-server.ts';

const ftps = (mode: 'explicit' | 'implicit'): BulkKind => ({
  openPath: (options) => ftpsBulkPath(mode, options),
  createServer: async ({ tls, limits = {}, ...options }) =>
    createFtpsServer({ ...options, limits, mode, tls: requireIdentity(tls, 'tls') }),
});

/** @spec B2 */
export const explicitFtps = ftps('explicit');

/** @spec B2 */
export const implicitFtps = ftps('implicit');
