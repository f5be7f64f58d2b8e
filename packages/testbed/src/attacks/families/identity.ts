import { createHash } from 'node:crypto';
import { systemClock } from '@postern/core';
import { ensureNodeIdentity } from '@postern/pki';
import type { Site } from '../../site/site.ts';
import { intermediaryIdentity } from '../../site/site-config.ts';
import { siteAuthority } from '../../site/site-files.ts';
import type { Attack, AttackFamily } from '../attack.ts';
import { launchAttacker } from '../attacker/launch.ts';
import type { PollReplayerReport } from '../attacker/programs/poll-replayer.ts';
import type { StolenIntermediaryReport } from '../attacker/programs/stolen-intermediary.ts';
import { RELEASE } from '../images.ts';
import { openVictim } from '../victims/index.ts';
import { DEVICE, MODEL } from '../victims/victim.ts';
import { REVOKED } from './revoked.ts';
import { closing, NO_IDENTITIES, siteOf } from './scenario.ts';

const stolenIntermediary: Attack = {
  name: 'stolen-intermediary-identity-asks-for-another-site',
  power: "Has the key and certificate of another site's intermediary.",
  goal: 'Claims a device of this site as its own, polls for its requests and fetches its image.',
  expected: {
    a: NO_IDENTITIES,
    b: {
      outcome: 'prevented',
      shown: /none; image: HTTP 404; the device belongs to site-a/,
      why: 'A device belongs to the intermediary that registered it first; requests and images go to that one only.',
    },
    c: {
      outcome: 'prevented',
      shown: /none; image: HTTP 404; the device belongs to site-a/,
      why: 'A device belongs to the intermediary that registered it first; requests and images go to that one only.',
    },
  },
  run: async (scene) => {
    const victim = await openVictim(scene);
    const site = siteOf(victim);
    const other = intermediaryIdentity('site-b');
    const identityDir = site.files.identityDir(other);
    const authority = await siteAuthority(site.files);
    await ensureNodeIdentity({ directory: identityDir, identity: other, clock: systemClock, authority });
    // The order waits: its own site does not ask for it now.
    site.firewall.cut();
    const update = await victim.update();
    const attacker = await launchAttacker(scene, 'stolen-intermediary', {
      identityDir,
      uplinkPort: site.server.ready.uplinkPort,
      deviceId: DEVICE,
      model: MODEL,
      sha256: createHash('sha256').update(RELEASE.content).digest('hex'),
    });
    const { requests, image } = await attacker.hear<StolenIntermediaryReport>('report');
    const owner = (await site.operator.client.listDevices()).find(({ id }) => id === DEVICE)?.intermediary;
    site.firewall.restore();
    const ended = await update.ended();
    const got = requests.includes(DEVICE) || image === 200 || owner !== site.name;
    return {
      outcome: got ? 'succeeds' : 'prevented',
      evidence: `requests that came down: ${requests.join(', ') || 'none'}; image: HTTP ${image}; the device belongs to ${owner}; ${await closing(victim, ended)}`,
    };
  },
};

const pollReplayed: Attack = {
  name: 'poll-replayed',
  power: 'Stands on the internet between a site and the server, and records what passes.',
  goal: 'Sends the polls and results of the site once more, to take its requests or to report twice.',
  expected: {
    a: NO_IDENTITIES,
    b: {
      outcome: 'prevented',
      shown: /[1-9]\d* connections .*none of them an answer/,
      why: 'What it has recorded is TLS: nothing of it means anything on another connection.',
    },
    c: {
      outcome: 'prevented',
      shown: /[1-9]\d* connections .*none of them an answer/,
      why: 'What it has recorded is TLS: nothing of it means anything on another connection.',
    },
  },
  run: async (scene) => {
    const attacker = await launchAttacker(scene, 'poll-replayer');
    const { port } = await attacker.hear<{ port: number }>('listening');
    const victim = await openVictim(scene, {
      uplinkThrough: async (server) => {
        attacker.say('lead-to', server);
        return { host: '127.0.0.1', port };
      },
    });
    const { operator } = siteOf(victim);
    const update = await victim.update();
    const ended = await update.ended();
    const before = await recordsOf(operator);
    attacker.say('strike');
    const { recorded, sent, received, readable } = await attacker.hear<PollReplayerReport>('report');
    const changed = (await recordsOf(operator)) !== before;
    return {
      outcome: changed || readable ? 'succeeds' : 'prevented',
      evidence: `${recorded} connections (${sent} bytes) sent again: ${received} bytes came back, ${readable ? 'among them HTTP' : 'none of them an answer'}; the server's records ${changed ? 'changed' : 'are the same'}; ${await closing(victim, ended)}`,
    };
  },
};

/** What the server holds of updates and their journals. */
const recordsOf = async ({ client }: Site['operator']): Promise<string> => {
  const updates = await client.listUpdates();
  const journals = await Promise.all(updates.map(({ id }) => client.journal(id)));
  return JSON.stringify([updates, journals]);
};

export const identityFamily: AttackFamily = {
  name: 'identity',
  title: 'Identities, and the way to the server',
  attacks: [...REVOKED, stolenIntermediary, pollReplayed],
};
