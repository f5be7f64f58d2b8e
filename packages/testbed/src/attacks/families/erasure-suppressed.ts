import { Milliseconds, Seconds, sleep, withDeadline } from '@postern/core';
import type { Attack } from '../attack.ts';
import type { Intrusion } from '../attacker/ftp-caller.ts';
import { MALWARE } from '../images.ts';
import { brief, closing, standBetween } from './scenario.ts';

/** The password lives no longer than this. */
const LIFETIME = Seconds(6);
/** Longer than the password may live: whoever gets in then gets in for ever. */
const LIMIT = Seconds(15);
const PAUSE = Milliseconds(200);

export const erasureSuppressed: Attack = {
  name: 'erasure-suppressed',
  power: 'Reads the bulk path and can cut the secure path.',
  goal: 'Cuts the secure path before the password is erased, and uses the password that it has heard after the update.',
  expected: {
    a: { outcome: 'not-applicable', why: 'Nothing is ever erased.' },
    b: { outcome: 'succeeds', why: 'The password lives until the secure path is whole again.' },
    c: {
      outcome: 'bounded',
      shown: /login 230, image 550 component-unknown; after its lifetime: login refused/,
      why: "The password lives on, and opens the version report, until its lifetime ends; images are refused, for none is expected. The erasure stays owed, and the server's record says so.",
    },
  },
  run: async (scene) => {
    const { victim, attacker } = await standBetween(
      scene,
      'path-cutter',
      { image: MALWARE.content },
      { deadline: LIFETIME, credentialMargin: Seconds(0) },
    );
    const strike = (): Promise<Intrusion> => {
      attacker.say('strike', 'again');
      return attacker.hear<Intrusion>('report');
    };
    const ended = await (await victim.update()).ended();
    const { login, upload } = await strike();
    const seen = `after the update: login ${brief(login)}, image ${brief(upload)}`;
    const until = await closing(victim, ended);
    if ((await victim.runs()) === MALWARE.label) {
      return { outcome: 'succeeds', evidence: `${seen}; ${until}` };
    }
    if (!login.startsWith('230')) return { outcome: 'prevented', evidence: `${seen}; ${until}` };
    await withDeadline(scene.clock, LIMIT, 'The end of the password', undefined, async (signal) => {
      while ((await strike()).login.startsWith('230')) await sleep(scene.clock, PAUSE, signal);
    });
    return { outcome: 'bounded', evidence: `${seen}; after its lifetime: login refused; ${until}` };
  },
};
