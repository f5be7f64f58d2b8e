import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { generateSshHostKey } from '@postern/bulk-transfer';
import {
  type AuthorizedKey,
  type BulkServer,
  createSftpDropServer,
  openSftpDrop,
  parseAuthorizedKeys,
} from '@postern/bulk-transfer/sftp-drop';
import { errorCode, Seconds, systemClock } from '@postern/core';
import { memoryLogger } from '@postern/core/testing';
import type { BulkSession } from '@postern/software-update';
import ssh2, { type ConnectConfig } from 'ssh2';
import type { SftpLimits } from '../../src/sftp/server/limits.ts';
import { MemoryBulkService } from '../support/memory-bulk-service.ts';
import { neverAborted } from '../support/site.ts';
import { SshClient } from '../support/ssh-client.ts';
import { ecdsaKeys, ed25519Keys, rsaKeys, type SshKeys } from '../support/ssh-keys.ts';

const hostKey = generateSshHostKey();
const ed25519 = ed25519Keys();
const ecdsa = ecdsaKeys(256);
const rsa = rsaKeys(2_048);

/** @spec I5 */
describe('SFTP for those with a listed key', () => {
  const logger = memoryLogger();
  let listed: readonly AuthorizedKey[];
  let admits: boolean;
  let service: MemoryBulkService;
  let server: BulkServer;
  let client: SshClient;
  let logins: string[][];

  const start = async (limits: Partial<SftpLimits> = {}): Promise<void> => {
    service = new MemoryBulkService();
    logins = [];
    logger.lines.length = 0;
    admits = true;
    listed = parseAuthorizedKeys([ed25519, ecdsa, rsa].map(({ line }) => line).join('\n'));
    const door = {
      authorizedKeys: async () => listed,
      loginByKey: async (...login: string[]) => {
        logins.push(login);
        return admits ? service.login(service.userName, service.password, login[2] ?? '') : undefined;
      },
    };
    const options = { clock: systemClock, logger, host: '127.0.0.1', port: 0 };
    server = await createSftpDropServer({ ...options, service: door, hostKey, limits });
    client = new SshClient();
  };

  const open = (keys: SshKeys, hostKey = server.fingerprint ?? ''): Promise<BulkSession> =>
    openSftpDrop(
      { clock: systemClock, logger },
      { host: '127.0.0.1', port: server.port, hostKey },
      { userName: 'peer-1', privateKey: keys.privateKey },
      neverAborted,
    );

  const codeOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'succeeded',
      (error: unknown) => errorCode(error, String(error)),
    );

  const login = (changes: ConnectConfig): Promise<void> =>
    client.login(server.port, { username: 'peer-1', ...changes });

  beforeEach(() => start());

  afterEach(async () => {
    client.client.end();
    await server.close();
  });

  it.each([
    ['Ed25519', ed25519],
    ['ECDSA', ecdsa],
    ['RSA', rsa],
  ])('an %s key opens, and what is sent arrives', async (_what, keys) => {
    const session = await open(keys);
    const content = (async function* () {
      yield Buffer.from('bundle');
    })();
    await session.store('image.bin', content, { offset: 0 }, neverAborted);
    await session.close(Seconds(5));
    expect(service.held('image.bin').toString()).toBe('bundle');
    const fingerprint = parseAuthorizedKeys(keys.line)[0]?.fingerprint;
    expect(logins).toEqual([['peer-1', fingerprint, '127.0.0.1']]);
  });

  it('an unlisted key does not, nor one that was taken off the list', async () => {
    expect(await codeOf(open(ed25519Keys()))).toBe('bulk-login-refused');
    listed = [];
    expect(await codeOf(open(ed25519))).toBe('bulk-login-refused');
    expect(logins).toEqual([]);
  });

  it('a listed key does not when its owner is refused, or the list cannot be read', async () => {
    admits = false;
    expect(await codeOf(open(ed25519))).toBe('bulk-login-refused');
    listed = undefined as never;
    expect(await codeOf(open(ed25519))).not.toBe('succeeded');
  });

  it('nothing is shown to another host, and not with a private key that cannot be read', async () => {
    expect(await codeOf(open(ed25519, 'ab'.repeat(32)))).toBe('bulk-host-unproved');
    expect(await codeOf(open({ ...ed25519, privateKey: 'x' }))).toBe('bulk-identity-unusable');
    expect(logins).toEqual([]);
  });

  it('passwords are none', async () => {
    const methods: unknown[] = [];
    const failed = login({
      authHandler: (left) => {
        methods.push(left);
        return methods.length === 1
          ? { type: 'password', username: service.userName, password: service.password }
          : (false as never);
      },
    });
    await expect(failed).rejects.toMatchObject({ level: 'client-authentication' });
    expect(methods).toEqual([null, ['publickey']]);
    expect(service.logins).toEqual([]);
  });

  it('a signature of another key opens nothing, and ends the connection in the end', async () => {
    await server.close();
    await start({ wrongLogins: 2 });
    const [known, foreign] = [ed25519, ed25519Keys()].map(({ privateKey }) => {
      const parsed = ssh2.utils.parseKey(privateKey);
      if (parsed instanceof Error) throw parsed;
      return parsed;
    });
    // Shows the listed public key, and signs with its own private one.
    const forged = Object.assign(Object.create(Object.getPrototypeOf(known)), known, {
      sign: (data: Buffer) => foreign?.sign(data),
    });
    let tries = 0;
    const failed = login({
      authHandler: () => {
        tries += 1;
        return { type: 'publickey', username: 'peer-1', key: forged } as never;
      },
    });
    await expect(failed).rejects.toBeDefined();
    await client.gone;
    expect(tries).toBeLessThanOrEqual(3);
    expect(logins).toEqual([]);
    expect(logger.lines.filter(({ message }) => message === 'Login refused').length).toBe(2);
  });

  it('RSA keys sign with SHA-2 only', async () => {
    const parsed = ssh2.utils.parseKey(rsa.privateKey);
    if (parsed instanceof Error) throw parsed;
    const [key] = listed.filter(({ type: listedType }) => listedType === 'ssh-rsa');
    const { keyDoor } = await import('../../src/sftp/server/key-door.ts');
    const view = await service.login(service.userName, service.password, '');
    const door = keyDoor({ authorizedKeys: async () => listed, loginByKey: async () => view });
    const blob = Buffer.from('signed');
    const answer = (hashAlgo: string | undefined) => {
      const signature = parsed.sign(blob, hashAlgo ?? 'sha1');
      const presented = { algo: 'ssh-rsa', data: key?.blob };
      return door.decide({ method: 'publickey', key: presented, blob, signature, hashAlgo } as never, '::1');
    };
    expect(await answer(undefined)).toEqual({ kind: 'other', why: expect.stringContaining('SHA-1') });
    expect(await answer('sha256')).toEqual({ kind: 'admitted', view });
  });
});
