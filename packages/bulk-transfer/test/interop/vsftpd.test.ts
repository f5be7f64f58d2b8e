import { chown, readFile, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { bulkPaths, certificateFingerprint } from '@postern/bulk-transfer';
import { Seconds, silentLogger, systemClock } from '@postern/core';
import type { BulkEndpoint, BulkSession } from '@postern/software-update';
import { selfSigned } from '../support/self-signed.ts';
import { neverAborted } from '../support/site.ts';
import { temporaryDirectory } from './support/cleanup.ts';
import { serveEachConnection, UNPRIVILEGED } from './support/each-connection.ts';
import { HELD, IMAGE, pieces } from './support/image.ts';

const tls = selfSigned();
const PASSWORD = 'secret';

interface Vsftpd {
  readonly directory: string;
  readonly endpoint: BulkEndpoint;
}

type Kind = 'ftp' | 'ftps-explicit' | 'ftps-implicit';

/** What vsftpd can do without being root: one account, with passwords from a file. */
const account = (directory: string): string[] => [
  'run_as_launching_user=YES',
  `ftp_username=${UNPRIVILEGED.uid === undefined ? userInfo().username : 'nobody'}`,
  'anonymous_enable=YES',
  'secure_email_list_enable=YES',
  `email_password_file=${join(directory, 'passwords')}`,
  'write_enable=YES',
  'anon_upload_enable=YES',
  'anon_other_write_enable=YES',
  'anon_world_readable_only=NO',
  `anon_root=${join(directory)}`,
  'listen=NO',
  'seccomp_sandbox=NO',
  'connect_from_port_20=NO',
  'xferlog_enable=NO',
];

const encryption = (directory: string, kind: Kind): string[] =>
  kind === 'ftp'
    ? []
    : [
        'ssl_enable=YES',
        `implicit_ssl=${kind === 'ftps-implicit' ? 'YES' : 'NO'}`,
        'allow_anon_ssl=YES',
        'force_anon_logins_ssl=YES',
        'force_anon_data_ssl=YES',
        'require_ssl_reuse=YES',
        'ssl_ciphers=HIGH',
        `rsa_cert_file=${join(directory, 'tls.pem')}`,
      ];

const start = async (kind: Kind): Promise<Vsftpd> => {
  const directory = await temporaryDirectory(UNPRIVILEGED);
  const place = async (name: string, content: string | Buffer): Promise<string> => {
    const path = join(directory, name);
    await writeFile(path, content, { mode: 0o600 });
    const { uid, gid } = UNPRIVILEGED;
    if (uid !== undefined && gid !== undefined) await chown(path, uid, gid);
    return path;
  };
  await place('passwords', `${PASSWORD}\n`);
  await place('version.txt', 'main=1.0\n');
  await place('tls.pem', tls.key + tls.cert);
  const config = [...account(directory), ...encryption(directory, kind)];
  const { port } = await serveEachConnection('vsftpd', [
    await place('vsftpd.conf', `${config.join('\n')}\n`),
  ]);
  const hostKey = kind === 'ftp' ? {} : { hostKey: certificateFingerprint(tls.cert) };
  return { directory, endpoint: { host: '127.0.0.1', port, kind, ...hostKey } };
};

const open = ({ endpoint }: Vsftpd, oneTimePassword = PASSWORD): Promise<BulkSession> =>
  bulkPaths({ clock: systemClock, logger: silentLogger }).open(
    endpoint,
    { userName: 'anonymous', oneTimePassword },
    neverAborted,
  );

/** @spec B1 B2 */
describe.each<Kind>(['ftp', 'ftps-explicit', 'ftps-implicit'])('our %s client at vsftpd', (kind) => {
  it('reads the version report, uploads and goes on with an upload', async () => {
    const site = await start(kind);
    const session = await open(site);
    const report = await session.retrieve('version.txt', 100, neverAborted);
    expect(Buffer.from(report).toString()).toBe('main=1.0\n');
    const image = join(site.directory, 'image.bin');
    await session.store('image.bin', pieces(IMAGE), { offset: 0 }, neverAborted);
    expect((await readFile(image)).equals(IMAGE)).toBe(true);

    await writeFile(image, IMAGE.subarray(0, HELD));
    expect(await session.size('image.bin', neverAborted)).toBe(HELD);
    await session.store('image.bin', pieces(IMAGE.subarray(HELD)), { offset: HELD }, neverAborted);
    expect((await readFile(image)).equals(IMAGE)).toBe(true);
    await expect(session.retrieve('nothing', 100, neverAborted)).rejects.toMatchObject({
      code: 'bulk-file-refused',
    });
    await session.close(Seconds(5));
  });

  it('does not log in with a wrong password', async () => {
    await expect(open(await start(kind), 'wrong')).rejects.toMatchObject({ code: 'bulk-login-refused' });
  });
});

/** @spec B2 */
describe('our FTPS client at vsftpd', () => {
  it.each<Kind>(['ftps-explicit', 'ftps-implicit'])(
    'does not log in over %s with another certificate',
    async (kind) => {
      const site = await start(kind);
      const endpoint = { ...site.endpoint, hostKey: certificateFingerprint(selfSigned().cert) };
      await expect(open({ ...site, endpoint })).rejects.toMatchObject({ code: 'bulk-host-unproved' });
    },
  );
});
