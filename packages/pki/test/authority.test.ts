import { X509Certificate } from 'node:crypto';
import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Days, Hours } from '@postern/core';
import { seededEntropy, VirtualClock } from '@postern/core/testing';
import { openAuthority } from '@postern/pki';
import { temporaryDirectory } from './support/world.ts';

const open = async (directory: string, clock = new VirtualClock()) =>
  openAuthority({ directory, clock, entropy: seededEntropy('authority') });

const identity = { role: 'device', name: 'printer-1' } as const;

test('the first start makes a private CA, the second loads it', async () => {
  const directory = join(await temporaryDirectory(), 'ca');
  const first = await open(directory);
  expect((await stat(directory)).mode & 0o777).toBe(0o700);
  expect((await stat(join(directory, 'authority.pem'))).mode & 0o777).toBe(0o600);
  expect((await open(directory)).certificatePem).toBe(first.certificatePem);
  expect(first.certificatePem).not.toContain('PRIVATE');
});

test('processes that start at the same time agree on one CA and leave nothing beside it', async () => {
  const directory = await temporaryDirectory();
  const [one, other] = await Promise.all([open(directory), open(directory)]);
  expect(one.certificatePem).toBe(other.certificatePem);
  expect(await readdir(directory)).toEqual(['authority.pem']);
});

test('a certificate says who the node is and lives as long as asked for', async () => {
  const clock = new VirtualClock();
  const authority = await open(await temporaryDirectory(), clock);
  const issued = await authority.issue({
    identity,
    dnsNames: ['printer.example'],
    addresses: ['192.0.2.7'],
    lifetime: Hours(8),
  });
  const certificate = new X509Certificate(issued.certificatePem);
  const ca = new X509Certificate(authority.certificatePem);
  expect(certificate.subjectAltName).toBe(
    'URI:urn:postern:device:printer-1, DNS:printer.example, IP Address:192.0.2.7',
  );
  expect(certificate.serialNumber.toLowerCase()).toBe(issued.serial);
  expect(Date.parse(certificate.validTo) - clock.now()).toBe(Hours(8));
  expect([certificate.ca, ca.ca]).toEqual([false, true]);
  expect(certificate.checkIssued(ca) && certificate.verify(ca.publicKey)).toBe(true);
});

test('no certificate outlives the CA', async () => {
  const authority = await open(await temporaryDirectory());
  const { certificatePem } = await authority.issue({ identity, lifetime: Days(9_999) });
  expect(new X509Certificate(certificatePem).validTo).toBe(
    new X509Certificate(authority.certificatePem).validTo,
  );
});

test.each([
  [{ dnsNames: ['a, URI:urn:postern:server:x'] }, 'host-name-invalid'],
  [{ addresses: ['192.0.2.300'] }, 'host-name-invalid'],
  [{ identity: { role: 'device', name: 'a/b' } as const }, 'identity-invalid'],
])('%j is not certified', async (request, code) => {
  const authority = await open(await temporaryDirectory());
  await expect(authority.issue({ identity, lifetime: Hours(1), ...request })).rejects.toMatchObject({ code });
});

test('revocations are kept and none is lost when several come at once', async () => {
  const directory = await temporaryDirectory();
  const authority = await open(directory);
  await Promise.all(['0A', '0b', '0a'].map((serial) => authority.revoke(serial)));
  const revoked: { serial: string }[] = JSON.parse(await readFile(join(directory, 'revoked.json'), 'utf8'));
  expect(revoked.map(({ serial }) => serial)).toEqual(['0a', '0b']);
  expect(await (await open(directory)).crlPem()).toMatch(/^-----BEGIN X509 CRL-----\n/);
  await expect(authority.revoke('no serial')).rejects.toMatchObject({ code: 'serial-invalid' });
});

test('a CA that others can read or that is damaged is refused', async () => {
  const directory = await temporaryDirectory();
  await open(directory);
  const path = join(directory, 'authority.pem');
  await chmod(path, 0o640);
  await expect(open(directory)).rejects.toMatchObject({
    code: 'key-too-open',
    hint: expect.stringContaining('chmod 600'),
  });
  await chmod(path, 0o600);
  await writeFile(path, 'nothing');
  await expect(open(directory)).rejects.toMatchObject({ code: 'authority-damaged' });
});

test('a damaged record of revocations is not taken for an empty one', async () => {
  const directory = await temporaryDirectory();
  const authority = await open(directory);
  await writeFile(join(directory, 'revoked.json'), '[{}]');
  await expect(authority.crlPem()).rejects.toMatchObject({ code: 'authority-damaged' });
});
