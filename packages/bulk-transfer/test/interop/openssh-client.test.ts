import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { type BulkServer, createBulkServer, generateSshHostKey } from '@postern/bulk-transfer';
import {
  createSftpDropServer,
  parseAuthorizedKeys,
  sshPublicKeyLine,
} from '@postern/bulk-transfer/sftp-drop';
import { PosternError, silentLogger, systemClock } from '@postern/core';
import { MemoryBulkService } from '../support/memory-bulk-service.ts';
import { afterThisTest, temporaryDirectory } from './support/cleanup.ts';
import { HELD, IMAGE } from './support/image.ts';
import { type OpenSshLogin, openSsh } from './support/openssh.ts';
import { run } from './support/run.ts';

const hostKey = generateSshHostKey();
const common = { clock: systemClock, logger: silentLogger, host: '127.0.0.1', port: 0 };

let service: MemoryBulkService;
let directory: string;
let image: string;

beforeEach(async () => {
  service = new MemoryBulkService();
  directory = await temporaryDirectory();
  image = join(directory, 'image');
  await writeFile(image, IMAGE);
});

/** @spec B3 */
describe("OpenSSH's sftp at our SFTP server", () => {
  let login: OpenSshLogin;

  beforeEach(async () => {
    const server = await createBulkServer('sftp', { ...common, service, hostKey });
    afterThisTest(() => server.close());
    const { userName, password } = service;
    login = { directory, port: server.port, userName, password, hostKeyLine: sshPublicKeyLine(hostKey) };
  });

  it('lists, reads the version report and uploads', async () => {
    const report = join(directory, 'report');
    const outcome = await openSsh(login, ['ls -l', `get version.txt ${report}`, `put ${image} image.bin`]);
    expect(outcome).toMatchObject({ code: 0 });
    expect(outcome.stdout).toMatch(/-r--+.* 9 .*version\.txt/);
    expect(await readFile(report, 'utf8')).toBe('main=1.0\n');
    expect(service.held('image.bin').equals(IMAGE)).toBe(true);
    expect(service.ends).toEqual(['finished']);
  });

  it('goes on with an upload (reput)', async () => {
    service.uploads.set('image.bin', [IMAGE.subarray(0, HELD)]);
    expect(await openSsh(login, [`reput ${image} image.bin`])).toMatchObject({ code: 0 });
    expect(service.begun).toEqual([{ name: 'image.bin', offset: HELD }]);
    expect(service.held('image.bin').equals(IMAGE)).toBe(true);
  });

  it('ends with an error when the image is refused, in the middle or at its end', async () => {
    service.capacity = HELD;
    expect(await openSsh(login, [`put ${image} image.bin`])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('write remote'),
    });
    service.capacity = Number.POSITIVE_INFINITY;
    service.finishWith = new PosternError('digest-mismatch', 'Other bytes than were signed');
    expect(await openSsh(login, [`put ${image} image.bin`])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('close remote'),
    });
    expect(service.ends).toEqual(['aborted', 'finished']);
  });

  it('does not log in with a wrong password', async () => {
    expect(await openSsh({ ...login, password: 'wrong' }, ['ls'])).toMatchObject({
      code: 255,
      stderr: expect.stringContaining('Permission denied'),
    });
  });

  it('does not log in at a host with another key', async () => {
    const other = { ...login, hostKeyLine: sshPublicKeyLine(generateSshHostKey()) };
    expect(await openSsh(other, ['ls'])).toMatchObject({
      code: 255,
      stderr: expect.stringContaining('Host key verification failed'),
    });
    expect(service.logins).toEqual([]);
  });
});

/** @spec I5 */
describe("OpenSSH's keys at a drop", () => {
  const drop = async (keyLine: string): Promise<BulkServer> => {
    const server = await createSftpDropServer({
      ...common,
      hostKey,
      service: {
        authorizedKeys: async () => parseAuthorizedKeys(keyLine),
        loginByKey: (_userName, _key, peer) => service.login(service.userName, service.password, peer),
      },
    });
    afterThisTest(() => server.close());
    return server;
  };

  it.each([
    ['ed25519', ''],
    ['ecdsa', '256'],
    ['ecdsa', '521'],
    ['rsa', '3072'],
  ])('an %s key (%s) opens, another does not', async (type, bits) => {
    const keyFile = join(directory, 'id');
    const made = ['-q', '-t', type, ...(bits === '' ? [] : ['-b', bits]), '-N', '', '-C', 'a peer'];
    expect(await run('ssh-keygen', [...made, '-f', keyFile])).toMatchObject({ code: 0 });
    expect(await run('ssh-keygen', [...made, '-f', `${keyFile}2`])).toMatchObject({ code: 0 });
    const { port } = await drop(await readFile(`${keyFile}.pub`, 'utf8'));
    const login = { directory, port, userName: 'peer', hostKeyLine: sshPublicKeyLine(hostKey) };
    expect(await openSsh({ ...login, keyFile: `${keyFile}2` }, ['ls'])).toMatchObject({
      code: 255,
      stderr: expect.stringContaining('Permission denied (publickey)'),
    });
    const outcome = await openSsh({ ...login, keyFile }, [`put ${image} image.bin`]);
    expect(outcome).toMatchObject({ code: 0 });
    expect(service.held('image.bin').equals(IMAGE)).toBe(true);
  });
});
