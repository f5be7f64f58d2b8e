import type { Attack, AttackFamily, Finding, Scene } from '../attack.ts';
import { launchAttacker } from '../attacker/launch.ts';
import type { StartSpooferReport } from '../attacker/programs/start-spoofer.ts';
import { FACTORY, RELEASE } from '../images.ts';
import { openVictim } from '../victims/index.ts';
import { closing, publicNames, standBetween } from './scenario.ts';

const BETWEEN = 'Stands on the bulk path and changes what passes.';

/** Writes the wanted version into the reports of a device that has another. */
const lie = async (scene: Scene, sinceReading: number, losesImages: boolean): Promise<Finding> => {
  const claim = { from: `firmware=${FACTORY.version}`, to: `firmware=${RELEASE.version}`, sinceReading };
  const { victim } = await standBetween(scene, 'tamperer', { rules: {}, claim }, { losesImages });
  const ended = await (await victim.update()).ended();
  const deceived = !ended.startsWith('failed') && (await victim.runs()) !== RELEASE.label;
  return { outcome: deceived ? 'succeeds' : 'detected', evidence: await closing(victim, ended) };
};

const AUTHENTIC =
  'Reports bear an HMAC under a key that never crosses the bulk path and answer a fresh nonce: the update fails with `version-report-forged`. A forger can keep it from succeeding, but nobody is deceived.';

const hidesOldVersion: Attack = {
  name: 'report-hides-old-version',
  power: BETWEEN,
  goal: 'Writes the new version into the version report, so that a device with a known hole is left alone.',
  expected: {
    a: { outcome: 'succeeds', why: 'The report is believed: no update is required.' },
    b: { outcome: 'succeeds', why: 'The report is plain text to this device: no update is required.' },
    c: { outcome: 'detected', shown: /version-report-forged/, why: AUTHENTIC },
  },
  run: (scene) => lie(scene, 1, false),
};

const fakesSuccess: Attack = {
  name: 'report-fakes-success',
  power: `${BETWEEN} The device's flash memory fails silently (or somebody sees to that).`,
  goal: 'Writes the new version into the report after the restart, so that an update that did not happen counts as one.',
  expected: {
    a: { outcome: 'succeeds', why: 'The report is believed.' },
    b: {
      outcome: 'succeeds',
      why: 'The report is plain text to this device, and the server records the update as verified.',
    },
    c: { outcome: 'detected', shown: /version-report-forged/, why: AUTHENTIC },
  },
  run: (scene) => lie(scene, 2, true),
};

const TIMES = 6;

const startSpoofed: Attack = {
  name: 'start-notification-spoofed',
  power: "Reaches the intermediary's port for start notifications in plain HTTP.",
  goal: 'Says that the device has started with the new version and is found at another address now: to be asked in its place, to hear the password, to spoil the update.',
  expected: {
    a: { outcome: 'not-applicable', why: 'There are no start notifications.' },
    b: {
      outcome: 'bounded',
      shown: /[1-9] of \d taken, [1-9] believed, 0 connections/,
      why: 'No address or version is ever taken from it, so the attacker hears nothing. But this device cannot prove its own notifications, so the updater looks at it too early, finds the old version and sends the image again, as often as its policy allows; then the update fails, and nobody is deceived. A rate limit lets few such notifications through.',
    },
    c: {
      outcome: 'prevented',
      shown: /[1-9] of \d taken, 0 believed, 0 connections/,
      why: 'Without the code under the report key it is ignored while an update of the device is open.',
    },
  },
  run: async (scene) => {
    const victim = await openVictim(scene);
    const release = victim.occupy();
    const update = await victim.update();
    await update.reached('restarting');
    const attacker = await launchAttacker(scene, 'start-spoofer', {
      ...publicNames(scene.scheme),
      version: RELEASE.version,
      noticePort: victim.site?.intermediary.ready.noticePort,
      times: TIMES,
    });
    await attacker.hear('spoofed');
    release();
    const ended = await update.ended();
    // One of a verified update is the device's own.
    const believed = (await victim.startsBelieved()) - (ended === 'verified' ? 1 : 0);
    attacker.say('tell');
    const { answers, visitors } = await attacker.hear<StartSpooferReport>('report');
    const taken = answers.filter((answer) => answer === 'taken').length;
    const deceived = visitors > 0 || (!ended.startsWith('failed') && (await victim.runs()) !== RELEASE.label);
    const disturbed = believed > 0 || ended !== 'verified';
    return {
      outcome: deceived ? 'succeeds' : disturbed ? 'bounded' : 'prevented',
      evidence: `${taken} of ${TIMES} taken, ${believed} believed, ${visitors} connections to the attacker's place; ${await closing(victim, ended)}`,
    };
  },
};

export const versionReportFamily: AttackFamily = {
  name: 'version-report',
  title: 'What the device is believed to run',
  attacks: [hidesOldVersion, fakesSuccess, startSpoofed],
};
