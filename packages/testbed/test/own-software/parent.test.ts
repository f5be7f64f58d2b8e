import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { type NodeIdentity, systemClock, systemEntropy } from '@postern/core';
import { ensureNodeIdentity, openAuthority } from '@postern/pki';
import type { Site } from '@postern/testbed';
import { ROOT } from '../support/root.ts';
import { programRelease } from './own-programs.ts';
import { OWN, openOwnSite, ownVersion } from './own-site.ts';

const enrol = async ({ files }: Site, identity: NodeIdentity): Promise<string> => {
  const clock = systemClock;
  const ca = join(files.directory, 'ca');
  const authority = await openAuthority({ directory: ca, clock, entropy: systemEntropy });
  const directory = files.identityDir(identity);
  await ensureNodeIdentity({ directory, identity, clock, authority });
  return directory;
};

/** Runs `postern update direct` on the intermediary; resolves to its last event, whatever its exit code. */
const updateFrom = async (site: Site, updater: string, version: string): Promise<unknown> => {
  const release = programRelease({ version, releaseCounter: Number.parseInt(version, 10) });
  const place = (name: string): string => join(site.files.directory, `${updater}-${name}`);
  await writeFile(place('manifest.json'), await site.operator.sign(release));
  await writeFile(place('image.tar'), release.content);
  const identity = await enrol(site, { role: 'intermediary', name: updater });
  const options = {
    device: OWN,
    host: '127.0.0.1',
    'secure-port': `${site.intermediary.ready.securePort}`,
    role: 'intermediary',
    manifest: place('manifest.json'),
    image: place('image.tar'),
    identity,
    'vendor-key': site.files.vendorPublicKeyFiles[0] ?? '',
    state: place('state'),
    deadline: '60',
  };
  const argv = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  const postern = join(ROOT, 'node_modules', '.bin', 'postern');
  const call = promisify(execFile)(process.execPath, [postern, 'update', 'direct', ...argv, '--json']);
  const { stdout, stderr } = await call.catch((error: { stdout: string; stderr: string }) => error);
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) || JSON.stringify({ stderr }));
};

/** @spec U21 U20 */
it('an intermediary is updated by its parent, and by nobody else', async () => {
  const site = await openOwnSite({ parent: 'headquarters' });
  expect(await updateFrom(site, 'headquarters', '2.0.0')).toMatchObject({
    event: 'update-finished',
    state: 'verified',
    assurance: 'full',
  });
  await site.operator.until('the new version is listed', async () => (await ownVersion(site)) === '2.0.0');
  expect(JSON.stringify(await updateFrom(site, 'stranger', '3.0.0'))).toContain('not-authorised');
  expect(await ownVersion(site)).toBe('2.0.0');
}, 90_000);
