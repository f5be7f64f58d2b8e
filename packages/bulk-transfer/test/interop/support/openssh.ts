import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Outcome, run } from './run.ts';

export interface OpenSshLogin {
  readonly directory: string;
  readonly port: number;
  readonly userName: string;
  /** The host's public key as a line of authorized_keys. */
  readonly hostKeyLine: string;
  /** Either of both. */
  readonly password?: string;
  readonly keyFile?: string;
}

/** Runs OpenSSH's `sftp` with a batch of commands; it ends with the first that fails. */
export const openSsh = async (login: OpenSshLogin, batch: readonly string[]): Promise<Outcome> => {
  const { directory, port, userName, hostKeyLine, password, keyFile } = login;
  const place = (name: string): string => join(directory, name);
  await writeFile(place('known_hosts'), `[127.0.0.1]:${port} ${hostKeyLine}\n`);
  await writeFile(place('password'), `${password ?? ''}\n`, { mode: 0o600 });
  await writeFile(place('askpass'), `#!/bin/sh\ncat '${place('password')}'\n`);
  await chmod(place('askpass'), 0o700);
  await writeFile(place('batch'), `${batch.join('\n')}\n`);
  const options = [
    'StrictHostKeyChecking=yes',
    `UserKnownHostsFile=${place('known_hosts')}`,
    'GlobalKnownHostsFile=/dev/null',
    'NumberOfPasswordPrompts=1',
    // A batch would rule passwords out; the first word counts.
    'BatchMode=no',
    'IdentitiesOnly=yes',
    `IdentityFile=${keyFile ?? 'none'}`,
  ];
  return run(
    'sftp',
    [
      ...['-F', '/dev/null'],
      ...options.flatMap((option) => ['-o', option]),
      ...['-P', String(port), '-b', place('batch'), `${userName}@127.0.0.1`],
    ],
    { env: { SSH_ASKPASS: place('askpass'), SSH_ASKPASS_REQUIRE: 'force', HOME: directory } },
  );
};
