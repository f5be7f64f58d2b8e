import { createHash } from 'node:crypto';

/** An image of an emulated device: the first line is the version that it says of itself. */
export interface Image {
  /** What evidence calls it. */
  readonly label: string;
  readonly version: string;
  readonly releaseCounter: number;
  readonly content: Buffer;
}

/** Bytes of an image. */
const LENGTH = 200_000;

const image = (label: string, version: string, releaseCounter: number, length = LENGTH): Image => {
  const body = createHash('shake256', { outputLength: length }).update(label).digest();
  return {
    label,
    version,
    releaseCounter,
    content: Buffer.concat([Buffer.from(`${version}\n`), body]).subarray(0, length),
  };
};

/** What devices leave the factory with. */
export const FACTORY = image('the old software', '1.0.0', 1);
/** What the vendor has released since. */
export const RELEASE = image('the release', '2.0.0', 2);
/** What an attacker wants to see on the device. It says that it is the release. */
export const MALWARE = image("the attacker's software", '2.0.0', 2);
/** Of the vendor, but for another model. */
export const OTHER_MODEL = image('software for another model', '2.0.0', 2);
/** A second component, as the device left the factory with it, as the release has it, and of a release in between. */
export const SCANNER_FACTORY = image('the old scanner software', '1.0.0', 1);
export const SCANNER_RELEASE = image('the scanner software of the release', '2.0.0', 3);
export const SCANNER_OTHER = image('the scanner software of another release', '1.5.0', 2);

const KNOWN: ReadonlyMap<string, string> = new Map(
  [FACTORY, RELEASE, MALWARE, OTHER_MODEL, SCANNER_FACTORY, SCANNER_RELEASE, SCANNER_OTHER].map(
    ({ content, label }) => [digest(content), label],
  ),
);

/** What an image is, by its digest. */
export const labelOf = (content: Uint8Array): string => KNOWN.get(digest(content)) ?? 'damaged software';

function digest(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
