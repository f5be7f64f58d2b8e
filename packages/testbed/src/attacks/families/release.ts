import { readFile } from 'node:fs/promises';
import { Minutes, Seconds } from '@postern/core';
import { generateVendorKey } from '@postern/software-update';
import { intermediaryIdentity } from '../../site/site-config.ts';
import type { Attack, AttackFamily, Finding, Scene } from '../attack.ts';
import { launchAttacker } from '../attacker/launch.ts';
import type { RogueUpdaterReport } from '../attacker/programs/rogue-updater.ts';
import {
  FACTORY,
  type Image,
  MALWARE,
  OTHER_MODEL,
  RELEASE,
  SCANNER_FACTORY,
  SCANNER_OTHER,
  SCANNER_RELEASE,
} from '../images.ts';
import { type ManifestFacts, signedBy } from '../sign.ts';
import { FIXED_LOGIN } from '../victims/conventional-victim.ts';
import { openVictim } from '../victims/index.ts';
import { DEVICE, MODEL, type Victim, type VictimOptions } from '../victims/victim.ts';
import { brief } from './scenario.ts';

const COMPROMISED =
  "Has taken over the updater: the intermediary's key with (b) and (c), the fixed login with (a).";

interface Plot {
  /** What it sends, by component. */
  readonly images: Readonly<Record<string, Image>>;
  /** What the manifest says that it has. Absent: it has none. */
  readonly manifest?: ManifestFacts;
  /** It signs with a key of its own, having none of the vendor's. */
  readonly ownKey?: boolean;
  readonly victim?: VictimOptions;
}

/** Sends what it likes, with whatever manifest it could lay its hands on. */
const misuse = async (scene: Scene, plot: Plot): Promise<Finding> => {
  const victim = await openVictim(scene, plot.victim);
  const names = Object.keys(plot.images);
  const contents = Object.entries(plot.images).map(([name, { content }]) => [name, content] as const);
  const attacker = await launchAttacker(scene, 'rogue-updater', {
    deviceId: DEVICE,
    userName: victim.userName,
    bulk: victim.bulk,
    images: Object.fromEntries(contents),
    ...(await meansOf(victim, plot)),
  });
  const { shared, login, upload } = await attacker.hear<RogueUpdaterReport>('report');
  const runs = await Promise.all(names.map((name) => victim.runs(name)));
  const fell = names.every((name, at) => runs[at] === plot.images[name]?.label);
  return {
    outcome: fell ? 'succeeds' : 'prevented',
    evidence: `sharing: ${shared}, login ${brief(login)}, image ${brief(upload)}; the device runs ${runs.join(' and ')}`,
  };
};

const meansOf = async ({ site, secure }: Victim, { manifest, ownKey }: Plot): Promise<object> => {
  if (site === undefined) return { password: FIXED_LOGIN.password };
  const identityDir = site.files.identityDir(intermediaryIdentity(site.name));
  if (manifest === undefined) return { identityDir, secure };
  const key = ownKey
    ? generateVendorKey().privateKeyPem
    : await readFile(site.files.vendorPrivateKeyFile, 'utf8');
  return { identityDir, secure, signedManifest: signedBy(key, manifest, Minutes(10)) };
};

/** What schemes (a) and (b) have against a compromised updater. */
const FALLS = {
  a: { outcome: 'succeeds', why: 'The device takes whatever image it is sent.' },
  b: {
    outcome: 'succeeds',
    why: 'The device believes its intermediary, and takes whatever image it is sent.',
  },
} as const;

const ownImage: Attack = {
  name: 'intermediary-installs-its-own-image',
  power: COMPROMISED,
  goal: 'Installs its own software, with a manifest that it has signed itself.',
  expected: {
    ...FALLS,
    c: {
      outcome: 'prevented',
      shown: /manifest-signature-invalid/,
      why: "The manifest is not signed by the vendor's key that is pinned in the device: the password is not even stored.",
    },
  },
  run: (scene) =>
    misuse(scene, {
      images: { firmware: MALWARE },
      manifest: { components: { firmware: MALWARE } },
      ownKey: true,
    }),
};

const withoutManifest: Attack = {
  name: 'intermediary-sends-no-manifest',
  power: COMPROMISED,
  goal: 'Pretends to be an updater of another vendor that knows no manifests, and installs its own software.',
  expected: {
    ...FALLS,
    c: {
      outcome: 'prevented',
      shown: /manifest-required/,
      why: 'A device requires a manifest by default (`requireManifest`).',
    },
  },
  run: (scene) => misuse(scene, { images: { firmware: MALWARE } }),
};

const underGenuineManifest: Attack = {
  name: 'own-image-under-a-genuine-manifest',
  power: COMPROMISED,
  goal: "Sends the vendor's manifest of the release, and its own image.",
  expected: {
    ...FALLS,
    c: {
      outcome: 'prevented',
      shown: /sharing: stored.*digest-mismatch/,
      why: 'The image has not the digest of the manifest.',
    },
  },
  run: (scene) =>
    misuse(scene, { images: { firmware: MALWARE }, manifest: { components: { firmware: RELEASE } } }),
};

const rollBack: Attack = {
  name: 'roll-back',
  power: `${COMPROMISED} It has kept an old release with its genuine signature.`,
  goal: 'Replays the old signed image, to bring a known hole back.',
  expected: {
    ...FALLS,
    c: {
      outcome: 'prevented',
      shown: /release-counter-too-low/,
      why: 'The release counter of every component only ever rises.',
    },
  },
  run: (scene) =>
    misuse(scene, {
      images: { firmware: FACTORY },
      manifest: { components: { firmware: FACTORY } },
      victim: { factory: RELEASE },
    }),
};

const freeze: Attack = {
  name: 'freeze-on-an-old-manifest',
  power: `${COMPROMISED} It withholds what the vendor has released since.`,
  goal: 'Goes on installing a release whose manifest has expired, so that the site never gets beyond it.',
  expected: {
    ...FALLS,
    c: {
      outcome: 'bounded',
      shown: /manifest-expired/,
      why: 'Until a manifest expires it can be installed; afterwards the device refuses it. Whoever withholds everything keeps a device where it is, and the server sees no update verified.',
    },
  },
  run: async (scene) => {
    const plot = { images: { firmware: RELEASE } };
    const expired = { components: { firmware: RELEASE }, validFor: Seconds(-1) };
    const finding = await misuse(scene, { ...plot, manifest: expired });
    return finding.outcome === 'prevented' ? { ...finding, outcome: 'bounded' } : finding;
  },
};

const mixed: Attack = {
  name: 'components-of-two-releases-mixed',
  power: `${COMPROMISED} It has two genuine releases with their signatures.`,
  goal: 'Installs one component of each, a pair that the vendor has never released.',
  expected: {
    a: { outcome: 'not-applicable', why: 'There is one image, not several components.' },
    b: { outcome: 'succeeds', why: 'Every image is taken by itself.' },
    c: {
      outcome: 'prevented',
      shown: /sharing: stored.*digest-mismatch/,
      why: 'One manifest names the digests of all components, and nothing is switched over before all of them have arrived.',
    },
  },
  run: (scene) =>
    misuse(scene, {
      images: { firmware: RELEASE, scanner: SCANNER_OTHER },
      manifest: { components: { firmware: RELEASE, scanner: SCANNER_RELEASE } },
      victim: { scanner: SCANNER_FACTORY },
    }),
};

const wrongModel: Attack = {
  name: 'software-of-another-model',
  power: `${COMPROMISED} It has genuine software for another model.`,
  goal: 'Installs it, so that the device starts no more.',
  expected: {
    ...FALLS,
    c: { outcome: 'prevented', shown: /wrong-model/, why: 'The manifest names the model.' },
  },
  run: (scene) =>
    misuse(scene, {
      images: { firmware: OTHER_MODEL },
      manifest: { components: { firmware: OTHER_MODEL }, model: `${MODEL}-XL` },
    }),
};

export const releaseFamily: AttackFamily = {
  name: 'release',
  title: 'A compromised intermediary, and genuine software in the wrong place',
  attacks: [ownImage, withoutManifest, underGenuineManifest, rollBack, freeze, mixed, wrongModel],
};
