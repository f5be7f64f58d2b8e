import type { BulkServer, ProgramContext } from '../program.ts';
import { type ListenAddress, listenAtOwnPort } from './keep-address.ts';

/** The bulk path of a device, at its own port: the same in both programs. */
export const openBulkServer = (address: ListenAddress, context: ProgramContext): Promise<BulkServer> => {
  const { service, clock, logger, bulkServer } = context;
  return listenAtOwnPort('ftp', address, context, ({ host, port }) =>
    bulkServer({ service, clock, logger, host, port }),
  );
};
