import { createFtpServer, type FtpServer } from '@postern/bulk-transfer/ftp-server';
import type { ProgramContext } from '../program.ts';
import { type ListenAddress, listenAtOwnPort } from './keep-address.ts';

/** The bulk path of a device: FTP at its own port, the same in both programs. */
export const openBulkServer = (address: ListenAddress, context: ProgramContext): Promise<FtpServer> => {
  const { service, clock, logger } = context;
  return listenAtOwnPort('ftp', address, context, ({ host, port }) =>
    createFtpServer({ service, clock, logger, host, port }),
  );
};
