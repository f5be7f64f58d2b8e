import type { Instant } from '@postern/core';
import { strictJson } from './strict-json.ts';

/**
 * What a vendor says of one release: which bytes belong on which model. Signed as a whole, so that neither
 * the server, the intermediary nor the bulk path can change a word of it.
 *
 * @spec X1
 */
export interface SoftwareManifest {
  readonly format: 1;
  /** The software package's name. */
  readonly software: string;
  /** The device model it is for. */
  readonly model: string;
  /** Not to be installed after this. */
  readonly expires: Instant;
  readonly components: readonly ManifestComponent[];
}

/** One component of a release. */
export interface ManifestComponent {
  readonly name: string;
  readonly version: string;
  /** Bytes, at least 1. */
  readonly length: number;
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
  /** Rises with every release of the component; a device never goes back. */
  readonly releaseCounter: number;
}

const NAME = /^[a-z0-9][a-z0-9.-]{0,31}$/;
const LABEL = /^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$/;
const VERSION = /^[A-Za-z0-9][A-Za-z0-9.+_-]{0,63}$/;
const SHA256 = /^[0-9a-f]{64}$/;
const MOST_COMPONENTS = 64;
const json = strictJson('manifest-malformed');

/** The bytes that are signed. */
export const encodeManifest = (manifest: SoftwareManifest): Uint8Array =>
  Buffer.from(
    JSON.stringify({
      ...manifest,
      expires: new Date(manifest.expires).toISOString(),
    }),
    'utf8',
  );

/**
 * Reads a manifest's payload; anything unknown, missing or out of range is refused.
 *
 * @throws PosternError `manifest-malformed`
 */
export const decodeManifest = (payload: Uint8Array): SoftwareManifest => {
  const root = json.object(json.parse(payload, 'the manifest'), 'manifest', [
    'format',
    'software',
    'model',
    'expires',
    'components',
  ]);
  if (root['format'] !== 1) throw json.refused('format must be 1');
  const components = json.list(root['components'], 'components', 1, MOST_COMPONENTS).map(decodeComponent);
  if (new Set(components.map(({ name }) => name)).size !== components.length) {
    throw json.refused('a component is named twice');
  }
  return {
    format: 1,
    software: json.text(root['software'], 'software', LABEL),
    model: json.text(root['model'], 'model', LABEL),
    expires: json.instant(root['expires'], 'expires'),
    components,
  };
};

const decodeComponent = (value: unknown): ManifestComponent => {
  const item = json.object(value, 'component', ['name', 'version', 'length', 'sha256', 'releaseCounter']);
  return {
    name: json.text(item['name'], 'name', NAME),
    version: json.text(item['version'], 'version', VERSION),
    length: json.whole(item['length'], 'length'),
    sha256: json.text(item['sha256'], 'sha256', SHA256),
    releaseCounter: json.whole(item['releaseCounter'], 'releaseCounter'),
  };
};
