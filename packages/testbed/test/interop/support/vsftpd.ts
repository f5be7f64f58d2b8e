import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterwards } from '../../support/afterwards.ts';

const SERVICE = 'vendor-device';
/** The account that Debian's package makes. */
const ACCOUNT = 'ftp';

export interface Vsftpd {
  readonly port: number;
  readonly logFile: string;
  /** The users, as pam_userdb reads them; there are none until somebody writes it. */
  readonly usersFile: string;
}

/**
 * vsftpd with virtual users, as a device's maker would set it up: PAM looks users and passwords up in a file. It has to
 * be root for that, as on a device. So that nothing of this machine is changed, it has a mount namespace with an
 * /etc/pam.d of its own. A PAM module that starts a program (pam_exec) does not do: vsftpd takes the end of that program
 * for the end of its own child, and hangs.
 *
 * @param folder what it shows
 */
export const startVsftpd = async (directory: string, folder: string): Promise<Vsftpd> => {
  if (process.getuid?.() !== 0) throw new Error('vsftpd with virtual users has to be started by root');
  const pam = join(directory, 'pam.d');
  const users = join(directory, 'users');
  const logFile = join(directory, 'vsftpd.log');
  const conf = join(directory, 'vsftpd.conf');
  await mkdir(pam, { recursive: true });
  await writeFile(join(pam, SERVICE), pamRules(users));
  await writeFile(logFile, '');
  await writeFile(conf, settings(folder, logFile));
  await mkdir(folder, { recursive: true });
  await promisify(execFile)('chown', [ACCOUNT, folder]);
  const { port } = await serveEachConnection(
    `mount --bind ${JSON.stringify(pam)} /etc/pam.d && exec vsftpd ${JSON.stringify(conf)}`,
  );
  return { port, logFile, usersFile: `${users}.db` };
};

const pamRules = (users: string): string =>
  [
    `auth required pam_userdb.so crypt=none db=${users}`,
    'account required pam_permit.so',
    'session required pam_permit.so',
    '',
  ].join('\n');

const settings = (folder: string, logFile: string): string =>
  [
    'listen=NO',
    'anonymous_enable=NO',
    'local_enable=YES',
    `pam_service_name=${SERVICE}`,
    // The users are no users of the system: all are this one.
    'guest_enable=YES',
    `guest_username=${ACCOUNT}`,
    'virtual_use_local_privs=YES',
    `local_root=${folder}`,
    'chroot_local_user=YES',
    'allow_writeable_chroot=YES',
    'write_enable=YES',
    'connect_from_port_20=NO',
    'seccomp_sandbox=NO',
    'xferlog_enable=YES',
    'xferlog_std_format=NO',
    `vsftpd_log_file=${logFile}`,
    '',
  ].join('\n');

/** Starts the server for each connection with the connection as its standard input and output, as inetd does. */
const serveEachConnection = async (script: string): Promise<{ readonly port: number }> => {
  const children = new Set<ChildProcess>();
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    socket.on('error', () => {});
    const child = spawn('unshare', ['--mount', 'sh', '-c', script], { stdio: [socket, socket, 'inherit'] });
    children.add(child);
    child.once('close', () => children.delete(child));
    // The child has its own.
    socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterwards(async () => {
    const ended = [...children].map((child) => once(child, 'close'));
    for (const child of children) child.kill('SIGKILL');
    await Promise.all([...ended, new Promise((resolve) => server.close(resolve))]);
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new TypeError('The server has no port');
  return { port: address.port };
};
