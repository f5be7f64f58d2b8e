import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach } from '@jest/globals';
import { type Clock, type NodeIdentity, systemClock } from '@postern/core';
import { seededEntropy } from '@postern/core/testing';
import { type Authority, type EnrolledNode, ensureNodeIdentity, openAuthority } from '@postern/pki';

const made: string[] = [];

afterEach(async () => {
  await Promise.all(made.splice(0).map((directory) => rm(directory, { recursive: true, force: true })));
});

/** An empty directory that is removed after the test. */
export const temporaryDirectory = async (): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), 'postern-pki-'));
  made.push(directory);
  return directory;
};

const kept: string[] = [];

afterAll(async () => {
  await Promise.all(kept.splice(0).map((directory) => rm(directory, { recursive: true, force: true })));
});

/** An empty directory that is removed after the last test. */
export const keptDirectory = async (): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), 'postern-pki-'));
  kept.push(directory);
  return directory;
};

/** A CA of its own. TLS judges validity by the machine's clock, hence the default. */
export const makeAuthority = async (clock: Clock = systemClock): Promise<Authority> =>
  openAuthority({ directory: await temporaryDirectory(), clock, entropy: seededEntropy('authority') });

export const enrol = async (
  authority: Authority,
  identity: NodeIdentity,
  clock: Clock = systemClock,
): Promise<EnrolledNode> =>
  ensureNodeIdentity({ directory: await temporaryDirectory(), identity, authority, clock });
