import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { beforeEach, expect, jest, test } from '@jest/globals';
import { generateSshHostKey, openSftpDrop, sshPublicKeyLine } from '@postern/bulk-transfer/sftp-drop';
import { intermediaryContract } from '@postern/contracts';
import { errorCode, errorMessage, Seconds, systemClock } from '@postern/core';
import { memoryLogger } from '@postern/core/testing';
import type { Intermediary, IntermediaryConfigInput } from '@postern/intermediary';
import { OperationClient } from '@postern/intermediary/operation';
import { createSoapClient } from '@postern/soap-rpc';
import {
  type BulkSession,
  generateVendorKey,
  signManifest,
  vendorSignerFromPem,
} from '@postern/software-update';
import { packBundle } from '@postern/storage';
import { bundleOf } from '../../support/bundle.ts';
import { afterThisTest } from '../../support/directory.ts';
import { NetworkDevice } from '../../support/network-device.ts';
import { IMAGE, makeManifest, sha256 } from '../../support/software.ts';
import { startSite } from '../../support/started-site.ts';
import { World } from '../../support/world.ts';

jest.setTimeout(20_000);

const log = memoryLogger();
const never = new AbortController().signal;
/** A peer's. */
const privateKey = generateSshHostKey();

let world: World;
let keysFile: string;
let dataDir: string;

beforeEach(async () => {
  log.lines.length = 0;
  world = await World.make();
  keysFile = join(world.directory, 'drop-keys');
  dataDir = world.dataDirectory();
  await writeFile(keysFile, `# who drops\n${sshPublicKeyLine(privateKey)} peer-1\n`);
});

const start = async (changes: Partial<IntermediaryConfigInput['drop']> = {}) => {
  const drop = { host: '127.0.0.1', port: 0, authorizedKeysFile: keysFile, ...changes };
  const site = await startSite(world, log, { changes: { drop } });
  return { site, client: new OperationClient(site.operationSocket ?? '') };
};

const open = async ({ drop }: Intermediary, key = privateKey): Promise<BulkSession> => {
  const session = await openSftpDrop(
    { clock: systemClock, logger: log },
    { host: '127.0.0.1', port: drop?.port ?? 0, hostKey: drop?.hostKey ?? '' },
    { userName: 'peer-1', privateKey: key },
    never,
  );
  afterThisTest(() => session.close(Seconds(5)));
  return session;
};

const tarOf = async (bundle = bundleOf()): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of packBundle(bundle)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

const store = (session: BulkSession, bytes: Uint8Array, name = 'release-2.tar'): Promise<void> =>
  session.store(name, once(bytes), { offset: 0 }, never);

/** What the peer is told. */
const wordsOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'taken', errorMessage);

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'succeeded',
    (error: unknown) => errorCode(error, String(error)),
  );

const logged = (message: string) =>
  log.lines.filter((line) => line.message === message).map(({ fields }) => fields);

const left = (): Promise<string[]> => readdir(join(dataDir, 'incoming'));

const signalled = () => {
  let tell: () => void = () => {};
  const told = new Promise<void>((resolve) => {
    tell = resolve;
  });
  return { tell, told };
};

/** Asks again and again: there is nothing to wait for. */
const until = async (holds: () => Promise<boolean>): Promise<void> => {
  while (!(await holds()));
};

/** @spec I5 */
test('a peer with a listed key drops software: on the shelf, ordered at the site, verified', async () => {
  const { site, client } = await start();
  await store(await open(site), await tarOf());
  const [software] = await client.software();
  expect(software).toMatchObject({ software: 'mfp-9-release', source: 'drop' });
  const { id } = software ?? { id: '' };
  expect(logged('Software was dropped')).toMatchObject([
    { file: 'release-2.tar', owner: 'peer-1', userName: 'peer-1', peer: '127.0.0.1', id },
  ]);
  expect(await left()).toEqual([]);

  const mfp = await NetworkDevice.start(world, 'mfp-1');
  mfp.onRestart = async () => {
    const url = `http://127.0.0.1:${site.noticePort}/intermediary`;
    const plain = createSoapClient(intermediaryContract, { url, clock: systemClock });
    afterThisTest(() => plain.close());
    await plain.call('NotifyStart', mfp.startNotice());
  };
  await client.adopt('mfp-1', mfp.information.securePath);
  const order = await client.order({ deviceId: 'mfp-1', software: id });
  const last = { type: '' };
  for await (const event of client.follow(order.id)) Object.assign(last, event);
  expect(last).toMatchObject({ type: 'finished', update: { state: 'verified' } });
  expect(mfp.received).toBe(sha256(IMAGE));
});

/** @spec I5 X1 */
test('what no trusted vendor signed, what is cut short and what is no bundle is refused, and why', async () => {
  const { site, client } = await start();
  const session = await open(site);
  const whole = await tarOf();
  const stranger = vendorSignerFromPem(generateVendorKey().privateKeyPem);
  const foreign = await tarOf(bundleOf(signManifest(makeManifest(), stranger)));
  const other = Buffer.from(IMAGE).fill(1, 100, 101);
  const tampered = await tarOf(bundleOf(undefined, [other]));
  const refusals: [Buffer, string][] = [
    [foreign, 'manifest-signature-invalid'],
    [whole.subarray(0, whole.length / 2), 'bundle-invalid'],
    [tampered, 'bundle-foreign'],
    [Buffer.alloc(4_096, 7), 'bundle-invalid'],
    [Buffer.alloc(0), 'bundle-invalid'],
    [await tarOf(bundleOf(undefined, [])), 'bundle-incomplete'],
  ];
  for (const [bytes, code] of refusals) {
    expect(await wordsOf(store(session, bytes))).toContain(`550 ${code}: `);
    expect(logged('Dropped software was refused').at(-1)).toMatchObject({ code, owner: 'peer-1' });
    expect(await left()).toEqual([]);
  }
  expect(await client.software()).toEqual([]);
  await store(session, whole);
  expect(await client.software()).toHaveLength(1);
});

/** @spec I5 */
test('files have flat names that end in .tar, and nothing can be read', async () => {
  const { site } = await start();
  const session = await open(site);
  const bytes = await tarOf();
  for (const name of ['../release.tar', 'a/b.tar', '/etc/b.tar', '..tar']) {
    expect(await wordsOf(store(session, bytes, name))).toContain('553 File name not allowed');
  }
  for (const name of ['release.zip', '.tar', '-x.tar', 'a b.tar', `${'x'.repeat(120)}.tar`]) {
    expect(await wordsOf(store(session, bytes, name))).toContain('550 drop-name-invalid: ');
    expect(logged('Dropped software was refused').at(-1)).toMatchObject({ file: name });
  }
  await store(session, bytes);
  expect(await codeOf(session.retrieve('release-2.tar', 1_000_000, never))).toBe('bulk-file-refused');
  expect(await session.size('release-2.tar', never)).toBe(0);
  expect(await wordsOf(session.store('release-2.tar', once(bytes), { offset: 9 }, never))).toContain(
    'No such file',
  );
});

/** @spec I5 */
test('bundles have a limit together, and one that broke off leaves nothing', async () => {
  const bytes = await tarOf();
  const { site, client } = await start({ mostBytes: bytes.length });
  const [first, second] = [await open(site), await open(site)];
  expect(await wordsOf(store(first, Buffer.concat([bytes, Buffer.alloc(1)])))).toContain(
    'drop-full: A bundle',
  );
  expect(await left()).toEqual([]);

  const [arrived, refused] = [signalled(), signalled()];
  const cut = new Error('cable');
  const content = (async function* () {
    yield bytes.subarray(0, 100_000);
    await refused.told;
    throw cut;
  })();
  const onProgress = (sent: number): void => {
    if (sent === 100_000) arrived.tell();
  };
  const broken = first.store('one.tar', content, { offset: 0, onProgress }, never);
  await arrived.told;
  expect(await wordsOf(store(second, bytes, 'two.tar'))).toContain('drop-full: Other bundles');
  refused.tell();
  await expect(broken).rejects.toBe(cut);
  await until(async () => (await left()).length === 0);
  expect(logged('An upload of software has ended unfinished').at(-1)).toMatchObject({ file: 'one.tar' });
  await store(second, bytes, 'two.tar');
  expect(await client.software()).toHaveLength(1);
});

/** @spec I5 */
test('an unlisted key, a key taken off the list and one session too many are refused', async () => {
  const { site } = await start();
  expect(await codeOf(open(site, generateSshHostKey()))).toBe('bulk-login-refused');
  expect(logged('Key refused')).toMatchObject([
    { peer: '127.0.0.1', why: expect.stringMatching(/^The key [0-9a-f]{64} is not listed$/) },
  ]);
  for (let count = 0; count < 4; count += 1) await open(site);
  expect(await codeOf(open(site))).toBe('bulk-unreachable');
  const words = await new Promise<string>((resolve) => {
    connect(site.drop?.port ?? 0, '127.0.0.1').once('data', (data) => resolve(String(data)));
  });
  expect(words).toBe('Too many sessions\r\n');
  await site.close();

  const { site: again } = await start();
  await writeFile(keysFile, '');
  expect(await codeOf(open(again))).toBe('bulk-login-refused');
  await writeFile(keysFile, `restrict ${sshPublicKeyLine(privateKey)}\n`);
  expect(await codeOf(open(again))).toBe('bulk-login-refused');
  expect(logged('Nobody may drop software: the list of keys cannot be read').at(-1)).toMatchObject({
    code: 'authorized-keys-invalid',
  });
});

/** @spec I5 X6 */
test('the host key is made once and private; what a killed process left is removed', async () => {
  const { site } = await start();
  const file = join(dataDir, 'drop-host-key');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const { hostKey } = site.drop ?? {};
  expect(logged('Software can be dropped')).toMatchObject([
    { keys: 1, fingerprint: hostKey, hostKey: expect.stringMatching(/^SHA256:[A-Za-z0-9+/]{43}$/) },
  ]);
  const logLines = JSON.stringify(log.lines);
  const secret = (await readFile(file, 'utf8')).split('\n')[2] ?? '-';
  expect(logLines).not.toContain(secret);
  await site.close();

  await mkdir(join(dataDir, 'incoming'), { recursive: true });
  await writeFile(join(dataDir, 'incoming', '1.part'), 'half');
  const second = await start();
  expect(second.site.drop?.hostKey).toBe(hostKey);
  expect(await left()).toEqual([]);
});

/** @spec I5 */
test('a drop that cannot be is no silent gap', async () => {
  expect(await codeOf(start({ authorizedKeysFile: join(world.directory, 'none') }))).toBe('drop-unusable');
  const hostKeyFile = join(world.directory, 'key');
  await writeFile(hostKeyFile, generateSshHostKey(), { mode: 0o644 });
  expect(await codeOf(start({ hostKeyFile }))).toBe('drop-unusable');
  await writeFile(join(world.directory, 'bad'), 'x', { mode: 0o600 });
  expect(await codeOf(start({ hostKeyFile: join(world.directory, 'bad') }))).toBe('bulk-identity-unusable');
  await writeFile(keysFile, `from="*" ${sshPublicKeyLine(privateKey)}\n`);
  expect(await codeOf(start())).toBe('authorized-keys-invalid');
});
