import type { BulkPath } from '@postern/software-update';
import type { BulkClientOptions } from '../../common/client-limits.ts';
import { openFtpSession } from './open-ftp-session.ts';

/**
 * The bulk path over plain FTP in passive mode: EPSV, or PASV where that is refused. A data connection goes to the
 * host of the control connection only, whatever a PASV reply says.
 *
 * @spec B1
 */
export const ftpBulkPath = (options: BulkClientOptions): BulkPath => ({
  open: (endpoint, login, signal) =>
    openFtpSession(options, endpoint, login, signal, {
      connect: async (client) => {
        await client.connect(endpoint.host, endpoint.port);
      },
      settings: [],
      onDataConnection: () => {},
    }),
});
