import { Milliseconds, Seconds, sleep } from '@postern/core';
import type { TamperingRules } from '../../tampering/index.ts';
import type { Attack, AttackFamily, Finding, Scene } from '../attack.ts';
import { RELEASE } from '../images.ts';
import { closing, type Encounter, standBetween } from './scenario.ts';

const LENGTH = RELEASE.content.length;
const BETWEEN = 'Stands on the bulk path and changes what passes.';

/** An update whose images pass a tamperer. */
const tampered = async (
  scene: Scene,
  rules: TamperingRules,
): Promise<Encounter & { readonly ended: string }> => {
  const encounter = await standBetween(scene, 'tamperer', { rules });
  const ended = await (await encounter.victim.update()).ended();
  return { ...encounter, ended };
};

/** Whether anything but the vendor's software runs. */
const judged = async ({ victim, ended }: Awaited<ReturnType<typeof tampered>>): Promise<Finding> => ({
  outcome: (await victim.runs()) === 'damaged software' ? 'succeeds' : 'prevented',
  evidence: await closing(victim, ended),
});

const altered: Attack = {
  name: 'image-altered',
  power: BETWEEN,
  goal: 'Changes one bit of every image under way.',
  expected: {
    a: {
      outcome: 'succeeds',
      why: 'Nothing covers the image; the restarted device even says that it has the new version.',
    },
    b: {
      outcome: 'succeeds',
      why: 'As with (a), and the updater calls it verified: versions are what it compares.',
    },
    c: {
      outcome: 'prevented',
      shown: /digest-mismatch/,
      why: 'The device hashes while it receives, and refuses what the vendor did not sign.',
    },
  },
  run: async (scene) => judged(await tampered(scene, { flipByte: { upload: 'every', offset: 1_000 } })),
};

const truncated: Attack = {
  name: 'image-truncated',
  power: BETWEEN,
  goal: 'Ends every image in the middle, as if that were its end.',
  expected: {
    a: {
      outcome: 'succeeds',
      why: 'FTP cannot tell a short file from a whole one, and half an image is installed.',
    },
    b: { outcome: 'succeeds', why: 'As with (a).' },
    c: {
      outcome: 'prevented',
      shown: /runs the release.*"verified"/,
      why: 'The manifest says the length: the rest is asked for, and the transfer goes on where it stopped.',
    },
  },
  run: async (scene) =>
    judged(await tampered(scene, { truncate: { upload: 'every', bytes: Math.ceil(LENGTH / 2) } })),
};

/** As much more than the image is no accident. */
const FLOOD = LENGTH * 10;

const endless: Attack = {
  name: 'endless-data',
  power: BETWEEN,
  goal: "Lets data follow the image without an end, to fill the device's storage.",
  expected: {
    a: { outcome: 'succeeds', why: 'The device stores until its storage is full.' },
    b: { outcome: 'succeeds', why: 'As with (a).' },
    c: {
      outcome: 'prevented',
      shown: /too-long/,
      why: 'The first byte beyond the length of the manifest is refused, and what had come is discarded.',
    },
  },
  run: async (scene) => {
    const { victim, ended } = await tampered(scene, { appendEndless: { upload: 'every' } });
    const most = await victim.mostTaken();
    return {
      outcome: most > FLOOD ? 'succeeds' : 'prevented',
      evidence: `of an image of ${LENGTH} bytes the device stored at most ${most}; ${await closing(victim, ended)}`,
    };
  },
};

const DEADLINE = Seconds(2);
/** By then an update with that deadline has long ended. */
const WATCHED = Seconds(4);

const slow: Attack = {
  name: 'slow-retrieval',
  power: 'Stands on the bulk path and delays what passes.',
  goal: 'Lets the image trickle, just fast enough for no timeout to strike, and so keeps updater and device busy.',
  expected: {
    a: {
      outcome: 'succeeds',
      why: 'An update has no deadline: the transfer goes on as long as a few bytes come (observed for twice the time in which the others give up).',
    },
    b: {
      outcome: 'bounded',
      shown: /deadline-exceeded/,
      why: 'The updater ends the update at the deadline of the order, and erases the password.',
    },
    c: {
      outcome: 'bounded',
      shown: /deadline-exceeded/,
      why: 'The updater ends the update at the deadline of the order, and erases the password; the device does so by itself when its lifetime is over.',
    },
  },
  run: async (scene) => {
    const rules: TamperingRules = { trickle: { upload: 'every', bytes: 100, pause: Milliseconds(50) } };
    const { victim } = await standBetween(scene, 'tamperer', { rules }, { deadline: DEADLINE });
    const update = await victim.update();
    const begun = scene.clock.monotonic();
    const ended = await Promise.race([update.ended(), watched(scene)]);
    const seconds = ((scene.clock.monotonic() - begun) / 1_000).toFixed(1);
    return ended === undefined
      ? { outcome: 'succeeds', evidence: `after ${seconds} s the transfer still goes on` }
      : { outcome: 'bounded', evidence: `after ${seconds} s: ${await closing(victim, ended)}` };
  },
};

const watched = async ({ clock, atEnd }: Scene): Promise<undefined> => {
  const over = new AbortController();
  atEnd(async () => over.abort());
  await sleep(clock, WATCHED, over.signal).catch(() => {});
  return undefined;
};

export const transferFamily: AttackFamily = {
  name: 'transfer',
  title: 'The image under way',
  attacks: [altered, truncated, endless, slow],
};
