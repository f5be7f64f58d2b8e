import type { BulkPathKind } from '@postern/software-update';
import type { BulkServer } from '../common/bulk-server.ts';
import type { KindServerOptions } from './bulk-kind.ts';
import { KINDS } from './kinds.ts';

/**
 * Serves the bulk path of one kind.
 *
 * @throws PosternError `bulk-listen-failed`, or `bulk-identity-unusable` when an encrypted kind has no good key
 */
export const createBulkServer = async (kind: BulkPathKind, options: KindServerOptions): Promise<BulkServer> =>
  (await KINDS[kind]()).createServer(options);
