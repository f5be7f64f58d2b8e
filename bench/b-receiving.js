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

/** What a device that knows its processor has no AES would rather speak, given to Node as its default. */
const CHACHA20 = '--tls-cipher-list=TLS_CHACHA20_POLY1305_SHA256';

/**
 * @typedef {object} Way
 * @property {import('@postern/software-update').BulkPathKind | 'https'} kind
 * @property {'target' | 'nothing'} check
 * @property {boolean} [chacha20] The receiver knows no other cipher.
 */

/** @type {Readonly<Record<string, Way>>} */
const WAYS = {
  ftp: { kind: 'ftp', check: 'target' },
  'ftp-unverified': { kind: 'ftp', check: 'nothing' },
  'ftps-explicit': { kind: 'ftps-explicit', check: 'target' },
  'ftps-implicit': { kind: 'ftps-implicit', check: 'target' },
  'ftps-explicit-chacha20': { kind: 'ftps-explicit', check: 'target', chacha20: true },
  sftp: { kind: 'sftp', check: 'target' },
  'https-put': { kind: 'https', check: 'target' },
};

/** What all others are compared with: FTP and SHA-256. */
const BASELINE = 'ftp';

/** CPU time of a device's process for each GiB it receives. @param {{ quick: boolean }} options */
export const run = async ({ quick }) => {
  const length = quick ? 16 * MIB : 128 * MIB;
  const image = { length, sha256: imageDigest(length) };
  const identities = await createIdentities(await makeDirectory());
  const device = await identities.enrol('device', 'bench-device');
  const updater = await identities.enrol('intermediary', 'bench-updater');
  const sender = startChild('sender.js', onCore(DRIVER_CORE));
  await sender.ask('identity', updater.node);

  for (const processor of EMULATED) {
    /** @type {import('./support/children.js').Child[]} */
    const receivers = [];
    /** @type {Record<string, () => Promise<number>>} */
    const subjects = {};
    for (const [name, way] of Object.entries(WAYS)) {
      // A device speaks one way only: another one in the same process would change what the compiler makes of the code.
      const receiver = startChild('receiver.js', {
        ...onCore(SUBJECT_CORE),
        env: PROCESSORS[processor],
        nodeOptions: ['--expose-gc', ...(way.chacha20 ? [CHACHA20] : [])],
      });
      receivers.push(receiver);
      await receiver.ask('identity', device.node);
      if (name === BASELINE) await reportSpeeds(processor, receiver);
      subjects[name] = async () => {
        const endpoint = await receiver.ask('open', { ...way, image });
        await sender.ask('send', { endpoint, length });
        return ((await receiver.ask('close')) * GIB) / length;
      };
    }
    reportAll(processor, await takeTurns(quick ? 1 : 3, subjects));
    await Promise.all(receivers.map((child) => child.stop()));
  }
  await sender.stop();
};

/** @param {string} processor @param {Readonly<Record<string, readonly number[]>>} samples */
const reportAll = (processor, samples) => {
  const baseline = { metric: `${processor}/${BASELINE}`, samples: samples[BASELINE] ?? [] };
  for (const [name, values] of Object.entries(samples)) {
    report({
      bench: 'b',
      metric: `${processor}/${name}`,
      unit: 'CPU-s/GiB',
      samples: values,
      ...(name === BASELINE ? {} : { baseline }),
    });
  }
};

/**
 * What the receiver's OpenSSL can do.
 *
 * @param {string} processor @param {import('./support/children.js').Child} receiver
 */
const reportSpeeds = async (processor, receiver) => {
  const { sha256, aesGcm } = await receiver.ask('speeds');
  report({ bench: 'b', metric: `${processor}/sha256-speed`, unit: 'MB/s', samples: [sha256] });
  report({ bench: 'b', metric: `${processor}/aes-256-gcm-speed`, unit: 'MB/s', samples: [aesGcm] });
  progress(`  ${processor}: SHA-256 ${sha256.toFixed(0)} MB/s, AES-256-GCM ${aesGcm.toFixed(0)} MB/s`);
};
