import { chown, readFile, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { bulkPaths, generateSshHostKey, sshHostKeyFingerprint } from '@postern/bulk-transfer';
import { openSftpDrop, sshPublicKeyLine } from '@postern/bulk-transfer/sftp-drop';
import { Seconds, silentLogger, systemClock } from '@postern/core';
import { neverAborted } from '../support/site.ts';
import { temporaryDirectory } from './support/cleanup.ts';
import { type EachConnection, serveEachConnection, UNPRIVILEGED } from './support/each-connection.ts';
import { HELD, IMAGE, pieces } from './support/image.ts';

const hostKey = generateSshHostKey();
const privateKey = generateSshHostKey();
const userName = UNPRIVILEGED.uid === undefined ? userInfo().username : 'nobody';
const options = { clock: systemClock, logger: silentLogger };

let directory: string;
let sshd: EachConnection;

beforeEach(async () => {
  directory = await temporaryDirectory(UNPRIVILEGED);
  const place = (name: string): string => join(directory, name);
  // sshd reads its host key as who it runs as, and takes none that others may read.
  await writeFile(place('host_key'), hostKey, { mode: 0o600 });
  await own(place('host_key'));
  await writeFile(place('authorized_keys'), `${sshPublicKeyLine(privateKey)}\n`);
  await writeFile(place('version.txt'), 'main=1.0\n');
  const config = [
    `HostKey ${place('host_key')}`,
    `AuthorizedKeysFile ${place('authorized_keys')}`,
    'PidFile none',
    // Without it, accounts that have no password are locked.
    'UsePAM yes',
    'StrictModes no',
    'PasswordAuthentication yes',
    `Subsystem sftp internal-sftp -d ${directory}`,
  ];
  await writeFile(place('sshd_config'), `${config.join('\n')}\n`);
  sshd = await serveEachConnection('sshd', ['-i', '-e', '-f', place('sshd_config')]);
});

const own = async (path: string): Promise<void> => {
  const { uid, gid } = UNPRIVILEGED;
  if (uid !== undefined && gid !== undefined) await chown(path, uid, gid);
};

const endpoint = () => ({ host: '127.0.0.1', port: sshd.port, hostKey: sshHostKeyFingerprint(hostKey) });

const open = () => openSftpDrop(options, endpoint(), { userName, privateKey }, neverAborted);

/** @spec B3 I5 */
describe("our SFTP client at OpenSSH's sshd", () => {
  it('reads, uploads and goes on with an upload', async () => {
    const session = await open();
    const report = await session.retrieve('version.txt', 100, neverAborted);
    expect(Buffer.from(report).toString()).toBe('main=1.0\n');
    await session.store('image.bin', pieces(IMAGE), { offset: 0 }, neverAborted);
    expect((await readFile(join(directory, 'image.bin'))).equals(IMAGE)).toBe(true);

    await writeFile(join(directory, 'image.bin'), IMAGE.subarray(0, HELD));
    expect(await session.size('image.bin', neverAborted)).toBe(HELD);
    await session.store('image.bin', pieces(IMAGE.subarray(HELD)), { offset: HELD }, neverAborted);
    expect((await readFile(join(directory, 'image.bin'))).equals(IMAGE)).toBe(true);
    await expect(session.retrieve('nothing', 100, neverAborted)).rejects.toMatchObject({
      code: 'bulk-file-refused',
    });
    await session.close(Seconds(5));
  });

  it('does not log in with another key or a wrong password', async () => {
    const login = { userName, privateKey: generateSshHostKey() };
    await expect(openSftpDrop(options, endpoint(), login, neverAborted)).rejects.toMatchObject({
      code: 'bulk-login-refused',
    });
    const wrong = { userName, oneTimePassword: 'wrong' };
    const path = bulkPaths(options).open({ ...endpoint(), kind: 'sftp' }, wrong, neverAborted);
    await expect(path).rejects.toMatchObject({ code: 'bulk-login-refused' });
  });

  it('does not log in at a host with another key', async () => {
    const other = { ...endpoint(), hostKey: sshHostKeyFingerprint(privateKey) };
    await expect(openSftpDrop(options, other, { userName, privateKey }, neverAborted)).rejects.toMatchObject({
      code: 'bulk-host-unproved',
    });
  });
});
