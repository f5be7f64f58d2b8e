import { chmod, copyFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Days, Instant, type NodeIdentity } from '@postern/core';
import { VirtualClock } from '@postern/core/testing';
import { ensureNodeIdentity, openNodeIdentity } from '@postern/pki';
import { makeAuthority, temporaryDirectory } from './support/world.ts';

const identity: NodeIdentity = { role: 'device', name: 'printer-1' };

const setUp = async () => {
  const clock = new VirtualClock();
  const authority = await makeAuthority(clock);
  const directory = await temporaryDirectory();
  const ensure = () => ensureNodeIdentity({ directory, identity, authority, clock });
  return { clock, authority, directory, ensure, node: await ensure() };
};

test('a node gets a private bundle once and opens it later without the authority', async () => {
  const { clock, directory, ensure, node, authority } = await setUp();
  expect((await readdir(directory)).sort()).toEqual(['ca.pem', 'node.key', 'node.pem']);
  expect((await stat(join(directory, 'node.key'))).mode & 0o777).toBe(0o600);
  expect(node).toMatchObject({ identity, caPem: authority.certificatePem });
  expect(await ensure()).toEqual(node);
  expect(await openNodeIdentity({ directory, clock })).toEqual(node);
  expect(await ensureNodeIdentity({ directory, identity, clock })).toEqual(node);
});

test('a certificate is renewed in the last third of its life, with a new key', async () => {
  const { clock, ensure, node } = await setUp();
  await clock.advance(Days(59));
  expect((await ensure()).serial).toBe(node.serial);
  await clock.advance(Days(2));
  const renewed = await ensure();
  expect(renewed.serial).not.toBe(node.serial);
  expect(renewed.privateKeyPem).not.toBe(node.privateKeyPem);
});

test('a bundle that lacks a host name is issued anew, one that has more is kept', async () => {
  const { clock, authority, directory, node } = await setUp();
  const hosts = { dnsNames: ['server.example', 'localhost'], addresses: ['127.0.0.1', '::1'] };
  const ensure = (names: object) => ensureNodeIdentity({ directory, identity, authority, clock, ...names });
  const named = await ensure(hosts);
  expect(named.serial).not.toBe(node.serial);
  expect(await ensure(hosts)).toEqual(named);
  expect(await ensure({ dnsNames: ['localhost'] })).toEqual(named);
  expect((await ensure({ addresses: ['127.0.0.2'] })).serial).not.toBe(named.serial);
});

test('an expired certificate is refused, or renewed where the authority is at hand', async () => {
  const { clock, directory, ensure } = await setUp();
  await clock.advance(Days(90));
  await expect(openNodeIdentity({ directory, clock })).rejects.toMatchObject({ code: 'certificate-expired' });
  expect((await ensure()).notAfter).toBeGreaterThan(clock.now());
});

test('a certificate from the future is refused with a hint at the clock', async () => {
  const { directory } = await setUp();
  const clock = new VirtualClock(Instant(Date.UTC(2020, 0, 1)));
  await expect(openNodeIdentity({ directory, clock })).rejects.toMatchObject({
    code: 'certificate-not-yet-valid',
    hint: expect.stringContaining('clock'),
  });
});

test('a key that others can read is refused, even where it could be renewed', async () => {
  const { directory, ensure } = await setUp();
  await chmod(join(directory, 'node.key'), 0o604);
  await expect(ensure()).rejects.toMatchObject({
    code: 'key-too-open',
    hint: expect.stringContaining('chmod 600'),
  });
});

test('parts of different bundles are refused, and mended by the authority', async () => {
  const [one, other] = [await setUp(), await setUp()];
  await copyFile(join(other.directory, 'node.key'), join(one.directory, 'node.key'));
  await expect(openNodeIdentity(one)).rejects.toMatchObject({ code: 'identity-damaged' });
  await one.ensure();
  await copyFile(join(other.directory, 'ca.pem'), join(one.directory, 'ca.pem'));
  await expect(openNodeIdentity(one)).rejects.toMatchObject({ code: 'identity-damaged' });
  await one.ensure();
  await openNodeIdentity(one);
});

test('an unreadable key is refused without a word of it', async () => {
  const { clock, directory } = await setUp();
  await writeFile(join(directory, 'node.key'), 'secret');
  const error = await openNodeIdentity({ directory, clock }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'identity-damaged' });
  expect(JSON.stringify(error)).not.toContain('secret');
});

test('a missing file is named', async () => {
  const { clock, directory } = await setUp();
  await rm(join(directory, 'node.pem'));
  await expect(openNodeIdentity({ directory, clock })).rejects.toMatchObject({
    code: 'identity-missing',
    message: expect.stringContaining('node.pem'),
  });
});

test("another node's bundle is neither used nor overwritten", async () => {
  const { authority, clock, directory, node } = await setUp();
  const mistaken = { directory, identity: { role: 'device', name: 'printer-2' }, authority, clock } as const;
  await expect(ensureNodeIdentity(mistaken)).rejects.toMatchObject({ code: 'identity-unexpected' });
  expect(await openNodeIdentity({ directory, clock })).toEqual(node);
});

test('a new CA replaces the bundle of the one before', async () => {
  const { clock, directory } = await setUp();
  const authority = await makeAuthority(clock);
  const node = await ensureNodeIdentity({ directory, identity, authority, clock });
  expect(node.caPem).toBe(authority.certificatePem);
});
