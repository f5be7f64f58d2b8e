import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { type Clock, Milliseconds, type NodeIdentity, Seconds, sleep, systemClock } from '@postern/core';
import { clientTlsOptions, openNodeIdentity } from '@postern/pki';
import { testbedError } from '../../errors.ts';
import type { Site } from '../../site/site.ts';
import { deviceIdentity, intermediaryIdentity } from '../../site/site-config.ts';
import { revoke } from '../../site/site-files.ts';
import type { Attack, Finding, Scene } from '../attack.ts';
import type { Channel } from '../attacker/channel.ts';
import { launchAttacker } from '../attacker/launch.ts';
import type { StolenIntermediaryReport } from '../attacker/programs/stolen-intermediary.ts';
import { FACTORY, RELEASE } from '../images.ts';
import { openVictim } from '../victims/index.ts';
import { DEVICE, MODEL, type Victim } from '../victims/victim.ts';
import { closing, NO_IDENTITIES, siteOf } from './scenario.ts';

const WHY =
  'Every tier follows the revocation list: in new handshakes as listener and as caller, in resumed sessions, and on open connections.';

/** Shorter than usual: nothing is expected of the update but its end. */
const DEADLINE = Seconds(4);

const NOT_DECEIVED = /; the device runs the old software, its updater says "failed: \w+/;

/** Somebody who plays the device with its certificate; hears whether the intermediary takes him for it. */
const playDevice = async (scene: Scene, site: Site): Promise<{ attacker: Channel; accepted: boolean }> => {
  const attacker = await launchAttacker(scene, 'stolen-device', {
    deviceId: DEVICE,
    model: MODEL,
    identityDir: site.files.identityDir(deviceIdentity(DEVICE)),
    intermediary: {
      name: site.name,
      secureUrl: `https://127.0.0.1:${site.intermediary.ready.securePort}/intermediary`,
    },
    directory: join(scene.directory, 'stolen'),
    image: FACTORY.content,
  });
  const { accepted } = await attacker.hear<{ accepted: boolean }>('announced');
  return { attacker, accepted };
};

/** The update that is ordered then: whose success it would be, and whose software. */
const findingOf = async (victim: Victim, what: string): Promise<Finding> => {
  const ended = await (await victim.update()).ended();
  const deceived = ended === 'verified' && (await victim.runs()) !== RELEASE.label;
  return {
    outcome: deceived ? 'succeeds' : 'prevented',
    evidence: `${what}; ${await closing(victim, ended)}`,
  };
};

const stolenDevice: Attack = {
  name: 'stolen-device-identity-after-revocation',
  power: "Has a copy of a device's key and certificate. The CA has revoked it.",
  goal: 'Registers as the device, takes its password and its software, and reports a success while the true device keeps its old version.',
  expected: {
    a: NO_IDENTITIES,
    b: { outcome: 'prevented', shown: new RegExp(`refused${NOT_DECEIVED.source}`), why: WHY },
    c: { outcome: 'prevented', shown: new RegExp(`refused${NOT_DECEIVED.source}`), why: WHY },
  },
  run: async (scene) => {
    const victim = await openVictim(scene, { revocations: true, deadline: DEADLINE });
    const site = siteOf(victim);
    await revokeAt(scene.clock, site, deviceIdentity(DEVICE), site.intermediary.ready.securePort);
    const { accepted } = await playDevice(scene, site);
    return findingOf(victim, `its registration was ${accepted ? 'accepted' : 'refused'}`);
  },
};

const stolenDeviceBefore: Attack = {
  name: 'stolen-device-identity-registered-before-revocation',
  power: "Has a copy of a device's key and certificate, and has registered with it before the CA revoked it.",
  goal: 'Is called in place of the device, takes its password and its software, and reports a success.',
  expected: {
    a: NO_IDENTITIES,
    b: { outcome: 'prevented', shown: new RegExp(`accepted before${NOT_DECEIVED.source}`), why: WHY },
    c: { outcome: 'prevented', shown: new RegExp(`accepted before${NOT_DECEIVED.source}`), why: WHY },
  },
  run: async (scene) => {
    const victim = await openVictim(scene, { revocations: true, deadline: DEADLINE });
    const site = siteOf(victim);
    const { accepted } = await playDevice(scene, site);
    await revokeAt(scene.clock, site, deviceIdentity(DEVICE), site.intermediary.ready.securePort);
    return findingOf(victim, `its registration was ${accepted ? 'accepted before' : 'refused'}`);
  },
};

const stolenIntermediary: Attack = {
  name: 'stolen-intermediary-identity-after-revocation',
  power: "Has a copy of the key and certificate of the site's intermediary. The CA has revoked it.",
  goal: "Polls for the site's requests, fetches its image, and gives the device a password of its own.",
  expected: {
    a: NO_IDENTITIES,
    b: {
      outcome: 'prevented',
      shown: /^requests that came down: (tls-refused|connection-lost), \S+; image: none; /,
      why: `${WHY} A device of another vendor is as good as its own TLS.`,
    },
    c: {
      outcome: 'prevented',
      shown: /; image: none; a password at the device: (tls-refused|connection-lost); /,
      why: WHY,
    },
  },
  run: async (scene) => {
    const victim = await openVictim(scene, { revocations: true, deadline: DEADLINE });
    const site = siteOf(victim);
    // The order waits: its own site does not ask for it now.
    site.firewall.cut();
    await victim.update();
    const ports = [site.server.ready.uplinkPort, ...(scene.scheme === 'c' ? [victim.secure?.port ?? 0] : [])];
    await revokeAt(scene.clock, site, intermediaryIdentity(site.name), ...ports);
    const attacker = await launchAttacker(scene, 'stolen-intermediary', {
      identityDir: site.files.identityDir(intermediaryIdentity(site.name)),
      uplinkPort: site.server.ready.uplinkPort,
      deviceId: DEVICE,
      model: MODEL,
      sha256: createHash('sha256').update(RELEASE.content).digest('hex'),
      ...(scene.scheme === 'c' ? { devicePort: victim.secure?.port } : {}),
    });
    const { requests, image, shared } = await attacker.hear<StolenIntermediaryReport>('report');
    const got = requests.includes(DEVICE) || image === 200 || shared === 'accepted';
    return {
      outcome: got ? 'succeeds' : 'prevented',
      evidence: `requests that came down: ${requests.join(', ')}; image: ${image === 0 ? 'none' : `HTTP ${image}`}; a password at the device: ${shared}; the device runs ${await victim.runs()}`,
    };
  },
};

/** Who is revoked is let in no more after this time, or the scene is broken. */
const IN_FORCE_WITHIN = Seconds(15);
const PAUSE = Milliseconds(100);

/** Takes a certificate back, and waits until the listeners at these ports turn it away. */
const revokeAt = async (
  clock: Clock,
  site: Site,
  identity: NodeIdentity,
  ...ports: readonly number[]
): Promise<void> => {
  await revoke(site.files, identity);
  const node = await openNodeIdentity({
    directory: site.files.identityDir(identity),
    clock: systemClock,
  });
  const tls = clientTlsOptions(node, { expect: 'unauthenticated' });
  const late = clock.monotonic() + IN_FORCE_WITHIN;
  for (const port of ports) {
    while (await answers(port, tls)) {
      if (clock.monotonic() > late)
        throw testbedError('expectation-unmet', 'The revocation never came into force');
      await sleep(clock, PAUSE);
    }
  }
};

const answers = (port: number, tls: ReturnType<typeof clientTlsOptions>): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ ...tls, host: '127.0.0.1', port });
    socket.once('secureConnect', () => socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n'));
    socket.once('data', () => {
      resolve(true);
      socket.destroy();
    });
    socket.on('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });

/** Who goes on with a certificate that was revoked. */
export const REVOKED: readonly Attack[] = [stolenDevice, stolenDeviceBefore, stolenIntermediary];
