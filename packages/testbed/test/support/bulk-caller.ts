import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bulkPaths, certificateFingerprint, sshHostKeyFingerprint } from '@postern/bulk-transfer';
import { errorCode, Seconds, silentLogger, systemClock } from '@postern/core';
import { deviceDirectory } from '@postern/device-emulator';
import type { BulkPathKind } from '@postern/software-update';
import type { Site } from '@postern/testbed';

/** How a device's bulk path, of whatever kind, answers one login: `opened`, or the code of the refusal. */
export const tryBulkLogin = async (
  site: Site,
  { id, kind }: { readonly id: string; readonly kind: BulkPathKind },
  oneTimePassword: string,
): Promise<string> => {
  const hostKey = await hostKeyOf(site, id, kind);
  const endpoint = {
    host: '127.0.0.1',
    port: site.device(id).ports.ftp ?? 0,
    kind,
    ...(hostKey === undefined ? {} : { hostKey }),
  };
  const login = { userName: site.name, oneTimePassword };
  try {
    const path = bulkPaths({ clock: systemClock, logger: silentLogger });
    const session = await path.open(endpoint, login, AbortSignal.timeout(10_000));
    await session.close(Seconds(1));
    return 'opened';
  } catch (error) {
    return errorCode(error, 'unknown');
  }
};

/** What the device proves to have, read from its disk. */
const hostKeyOf = async ({ files }: Site, id: string, kind: BulkPathKind): Promise<string | undefined> => {
  if (kind === 'ftp') return undefined;
  if (kind === 'sftp') {
    return sshHostKeyFingerprint(
      await readFile(join(deviceDirectory(files.deviceDataDir, id), 'ssh-host.key'), 'utf8'),
    );
  }
  const identity = files.identityDir({ role: 'device', name: id });
  return certificateFingerprint(await readFile(join(identity, 'node.pem'), 'utf8'));
};
