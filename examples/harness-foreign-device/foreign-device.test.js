import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { silentLogger, systemClock } from '@postern/core';
import { openNodeIdentity } from '@postern/pki';
import { startPatentDevice, startTopology } from '@postern/testbed';

const ID = 'other-vendor-1';
const MODEL = 'Other Vendor X';
const RELEASE = {
  model: MODEL,
  version: '2.0.0',
  releaseCounter: 2,
  // This device takes the first line of an image for its version.
  content: Buffer.from('2.0.0\nrelease'),
};

/**
 * Here your device starts. It is given who it is, whom it trusts and where it calls: pass that on as files and settings,
 * to a program of any language. In its place stands one that has the patent's part of the contracts and nothing else.
 */
const startForeignDevice = async ({ identityDir, intermediary }, directory) =>
  startPatentDevice({
    id: ID,
    model: MODEL,
    clock: systemClock,
    logger: silentLogger,
    node: await openNodeIdentity({ directory: identityDir, clock: systemClock }),
    intermediary,
    directory,
    software: { firmware: Buffer.from('1.0.0\nfactory') },
  });

test('a device of another vendor is updated by our intermediary, with the assurance that it has', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'foreign-device-'));
  const topology = await startTopology({ sites: [{ name: 'site-a', foreignDevices: [ID] }] });
  const device = await startForeignDevice(topology.foreign(ID), directory);
  try {
    const { operator } = topology;
    await operator.devicesKnown([ID]);
    const { id } = await operator.order(ID, await operator.register(RELEASE));
    const { state, assurance } = await operator.finished(id);
    assert.deepEqual({ state, assurance }, { state: 'verified', assurance: 'patent' });
    assert.deepEqual(device.versions, { firmware: '2.0.0' });
    console.log(topology.steps.print());
  } finally {
    await device.close();
    await topology.close();
    await rm(directory, { recursive: true, force: true });
  }
});
