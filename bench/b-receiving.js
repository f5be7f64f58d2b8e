import { startChild } from './support/children.js';
import { DRIVER_CORE, onCore, SUBJECT_CORE } from './support/cores.js';
import { createIdentities } from './support/identities.js';
import { imageDigest } from './support/image.js';
import { EMULATED, PROCESSORS } from './support/processor.js';
import { progress, report } from './support/report.js';
import { takeTurns } from './support/rounds.js';
import { makeDirectory } from './support/workspace.js';

const GIB = 2 ** 30;
const MIB = 2 ** 20;

/** What a device that knows its processor has no AES would rather speak. */
const CHACHA20 = 'TLS_CHACHA20_POLY1305_SHA256';

/** @typedef {{ transport: 'ftp' | 'tls' | 'https', check: 'target' | 'nothing', ciphers?: string }} Way */

/** @type {Readonly<Record<string, Way>>} */
const WAYS = {
  'ftp-verified': { transport: 'ftp', check: 'target' },
  'ftp-unverified': { transport: 'ftp', check: 'nothing' },
  'tls-data-channel-verified': { transport: 'tls', check: 'target' },
  'https-put-verified': { transport: 'https', check: 'target' },
  'https-put-chacha20-verified': { transport: 'https', check: 'target', ciphers: CHACHA20 },
};

/** CPU time of a device's process for each GiB it receives. @param {{ quick: boolean }} options */
export const run = async ({ quick }) => {
  const length = quick ? 32 * MIB : 128 * MIB;
  const image = { length, sha256: imageDigest(length) };
  const identities = await createIdentities(await makeDirectory());
  const device = await identities.enrol('device', 'bench-device');
  const updater = await identities.enrol('intermediary', 'bench-updater');
  const sender = startChild('sender.js', onCore(DRIVER_CORE));
  await sender.ask('identity', updater.node);

  const receivers = [];
  /** @type {Record<string, () => Promise<number>>} */
  const subjects = {};
  for (const processor of EMULATED) {
    const receiver = startChild('receiver.js', {
      ...onCore(SUBJECT_CORE),
      env: PROCESSORS[processor],
      nodeOptions: ['--expose-gc'],
    });
    receivers.push(receiver);
    await receiver.ask('identity', device.node);
    const { sha256, aesGcm } = await receiver.ask('speeds');
    report({ bench: 'b', metric: `${processor}/sha256-speed`, unit: 'MB/s', samples: [sha256] });
    report({ bench: 'b', metric: `${processor}/aes-256-gcm-speed`, unit: 'MB/s', samples: [aesGcm] });
    progress(`  ${processor}: SHA-256 ${sha256.toFixed(0)} MB/s, AES-256-GCM ${aesGcm.toFixed(0)} MB/s`);
    for (const [name, way] of Object.entries(WAYS)) {
      subjects[`${processor}/${name}`] = async () => {
        const port = await receiver.ask('open', { ...way, image });
        await sender.ask('send', { transport: way.transport, port, length });
        return ((await receiver.ask('close')) * GIB) / length;
      };
    }
  }

  const samples = await takeTurns(quick ? 1 : 4, subjects);
  for (const [metric, values] of Object.entries(samples)) {
    const baseline = `${metric.split('/')[0]}/ftp-verified`;
    report({
      bench: 'b',
      metric,
      unit: 'CPU-s/GiB',
      samples: values,
      ...(metric === baseline ? {} : { baseline: { metric: baseline, samples: samples[baseline] ?? [] } }),
    });
  }
  await Promise.all([sender, ...receivers].map((child) => child.stop()));
};
