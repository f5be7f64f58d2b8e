import type { Attack, AttackFamily, Finding, Scene } from '../attack.ts';
import type { Intrusion } from '../attacker/ftp-caller.ts';
import { launchAttacker } from '../attacker/launch.ts';
import type { GuesserReport } from '../attacker/programs/guesser.ts';
import { MALWARE } from '../images.ts';
import { openVictim } from '../victims/index.ts';
import { erasureSuppressed } from './erasure-suppressed.ts';
import { brief, closing, publicNames, standBetween } from './scenario.ts';

const HOLDS = 'Reads the bulk path and can keep packets back for a moment';

/** Uses what it has heard before the updater goes on. */
const holdAndStrike = async (scene: Scene, strikeAt: 'PASS' | 'STOR'): Promise<Finding> => {
  const { victim, attacker } = await standBetween(scene, 'eavesdropper', {
    strikeAt,
    image: MALWARE.content,
  });
  const update = await victim.update();
  const { login, upload } = await attacker.hear<Intrusion>('report');
  const ended = await update.ended();
  const evidence = `login ${brief(login)}, image ${brief(upload)}; ${await closing(victim, ended)}`;
  const fell = (await victim.runs()) === MALWARE.label;
  return { outcome: fell ? 'succeeds' : ended === 'verified' ? 'prevented' : 'bounded', evidence };
};

const IMAGE_REFUSED =
  'The login opens the bulk path while the password lives, but the device installs only what the manifest of this job names: the image is refused at its digest.';

const replayedAtOnce: Attack = {
  name: 'password-replayed-at-once',
  power: `${HOLDS}.`,
  goal: 'Hears the password in the login, logs in with it and installs its own software.',
  expected: {
    a: { outcome: 'succeeds', why: 'Fig 27: the password opens everything, to everybody.' },
    b: {
      outcome: 'succeeds',
      why: 'Until it is erased the one-time password is a password, and the device takes what it is sent.',
    },
    c: { outcome: 'prevented', shown: /login 230, image 550 digest-mismatch/, why: IMAGE_REFUSED },
  },
  run: (scene) => holdAndStrike(scene, 'PASS'),
};

const raced: Attack = {
  name: 'updater-raced',
  power: `${HOLDS}.`,
  goal: 'Logs in beside the updater that is about to send the image, and is first to send one.',
  expected: {
    a: { outcome: 'succeeds', why: 'The device takes whatever image comes first.' },
    b: {
      outcome: 'succeeds',
      why: 'As with (a); the updater even reads the version that it wanted, and calls it verified.',
    },
    c: {
      outcome: 'prevented',
      shown: /login 230, image (?:550 digest-mismatch|421)/,
      why: 'The image is refused at its digest. The newest login ends the older session: the updater comes again, ends that of the attacker in turn if it is still there, and succeeds. It loses some time.',
    },
  },
  run: (scene) => holdAndStrike(scene, 'STOR'),
};

const replayedAfterErasure: Attack = {
  name: 'password-replayed-after-erasure',
  power: 'Reads the bulk path.',
  goal: 'Keeps the password that it has heard, and uses it after the update has ended.',
  expected: {
    a: { outcome: 'succeeds', why: 'Fig 27: the password of today is that of tomorrow.' },
    b: {
      outcome: 'prevented',
      shown: /login 530/,
      why: 'The password has been overwritten on the secure path (S120–S123).',
    },
    c: {
      outcome: 'prevented',
      shown: /login 530/,
      why: 'The password has been overwritten, and would have expired.',
    },
  },
  run: async (scene) => {
    const { victim, attacker } = await standBetween(scene, 'eavesdropper', {
      strikeAt: 'told',
      image: MALWARE.content,
    });
    const ended = await (await victim.update()).ended();
    attacker.say('strike');
    const { login, upload } = await attacker.hear<Intrusion>('report');
    const evidence = `login ${brief(login)}, image ${brief(upload)}; ${await closing(victim, ended)}`;
    const fell = (await victim.runs()) === MALWARE.label;
    return { outcome: fell ? 'succeeds' : login.startsWith('230') ? 'bounded' : 'prevented', evidence };
  },
};

const ofAnotherDevice: Attack = {
  name: 'password-used-at-another-device',
  power: `${HOLDS}.`,
  goal: 'Hears the password of one device, and uses it at another.',
  expected: {
    a: { outcome: 'succeeds', why: 'All devices have the same login.' },
    b: {
      outcome: 'prevented',
      shown: /login there 530/,
      why: 'The other device was given no password, or another one.',
    },
    c: {
      outcome: 'prevented',
      shown: /login there 530/,
      why: 'The password is bound to its device; the other one was given none.',
    },
  },
  run: async (scene) => {
    const { victim, attacker } = await standBetween(
      scene,
      'eavesdropper',
      { strikeAt: 'PASS', image: MALWARE.content },
      { neighbour: true },
    );
    const update = await victim.update();
    const { login, upload } = await attacker.hear<Intrusion>('report');
    await update.ended();
    const runs = await victim.neighbourRuns();
    return {
      outcome: runs === MALWARE.label ? 'succeeds' : login.startsWith('230') ? 'bounded' : 'prevented',
      evidence: `login there ${brief(login)}, image ${brief(upload)}; the other device runs ${runs}`,
    };
  },
};

/** Passwords that people set; the last is what the technicians of scheme (a) use. More than a device bears with (X3). */
const DICTIONARY = [
  ...['123456', 'password', 'admin', 'service', 'printer', 'ftp', 'guest', '12345678', 'changeme'],
  ...['letmein', 'firmware', 'root', 'default', 'update', 'update1234'],
];

const guessed: Attack = {
  name: 'password-guessed',
  power: "Reaches the device's FTP port, and tries passwords that people use.",
  goal: 'Finds the password while it lives, and installs its own software.',
  expected: {
    a: { outcome: 'succeeds', why: 'People choose passwords that people guess, and nobody counts.' },
    b: {
      outcome: 'prevented',
      shown: /none fits/,
      why: '256 random bits are not guessed, though the device does not count the tries.',
    },
    c: {
      outcome: 'bounded',
      shown: /none fits.*credential-refused/,
      why: 'The tenth wrong try ends the password. Nobody gets in, but the guesser has ended the update as well: it fails, and is to be ordered again.',
    },
  },
  run: async (scene) => {
    const victim = await openVictim(scene);
    const busy = scene.scheme !== 'a';
    const release = busy ? victim.occupy() : () => {};
    const update = busy ? await victim.update() : undefined;
    await update?.reached('restarting');
    const attacker = await launchAttacker(scene, 'guesser', {
      ...publicNames(scene.scheme),
      bulk: victim.bulk,
      dictionary: DICTIONARY,
      image: MALWARE.content,
    });
    const { tries, found, upload } = await attacker.hear<GuesserReport>('report');
    release();
    const ended = (await update?.ended()) ?? 'nothing';
    const fell = (await victim.runs()) === MALWARE.label;
    const hit = found === undefined ? 'none fits' : `one fits, image ${brief(upload)}`;
    const evidence = `${tries} tries, ${hit}; ${await closing(victim, ended)}`;
    const unharmed = ended === 'verified';
    return { outcome: fell ? 'succeeds' : unharmed ? 'prevented' : 'bounded', evidence };
  },
};

export const passwordFamily: AttackFamily = {
  name: 'password',
  title: 'The password (Fig 27)',
  attacks: [replayedAtOnce, replayedAfterErasure, raced, guessed, ofAnotherDevice, erasureSuppressed],
};
