import { type Instant, Instant as toInstant } from '@postern/core';
import { updateError } from '../errors.ts';

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
/** In UTC to the second or finer: a time without a zone would end elsewhere at another hour. */
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/;
const MOST_COMPONENTS = 64;

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
  const root = fields(parseJson(payload), 'manifest', [
    'format',
    'software',
    'model',
    'expires',
    'components',
  ]);
  if (root['format'] !== 1) throw malformed('format must be 1');
  const list = root['components'];
  if (!Array.isArray(list) || list.length === 0 || list.length > MOST_COMPONENTS) {
    throw malformed(`components must be a list of 1 to ${MOST_COMPONENTS}`);
  }
  const components = list.map(decodeComponent);
  if (new Set(components.map(({ name }) => name)).size !== components.length) {
    throw malformed('a component is named twice');
  }
  return {
    format: 1,
    software: text(root['software'], 'software', LABEL),
    model: text(root['model'], 'model', LABEL),
    expires: instant(root['expires']),
    components,
  };
};

const decodeComponent = (value: unknown): ManifestComponent => {
  const item = fields(value, 'component', ['name', 'version', 'length', 'sha256', 'releaseCounter']);
  return {
    name: text(item['name'], 'name', NAME),
    version: text(item['version'], 'version', VERSION),
    length: whole(item['length'], 'length'),
    sha256: text(item['sha256'], 'sha256', SHA256),
    releaseCounter: whole(item['releaseCounter'], 'releaseCounter'),
  };
};

const parseJson = (payload: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch (cause) {
    throw updateError('manifest-malformed', 'The manifest is not JSON in UTF-8', cause);
  }
};

/** An object with exactly these fields. */
export const fields = (value: unknown, what: string, names: readonly string[]): Record<string, unknown> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw malformed(`${what} must be an object`);
  const unknown = Object.keys(value).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw malformed(`${what} has an unknown field ${JSON.stringify(unknown.slice(0, 40))}`);
  return value as Record<string, unknown>;
};

const text = (value: unknown, name: string, pattern: RegExp): string => {
  if (typeof value !== 'string' || !pattern.test(value)) throw malformed(`${name} is missing or not allowed`);
  return value;
};

const whole = (value: unknown, name: string): number => {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1) {
    throw malformed(`${name} must be a whole number of at least 1`);
  }
  return value;
};

const instant = (value: unknown): Instant => {
  const parsed = typeof value === 'string' && TIME.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(parsed)) throw malformed('expires must be an ISO 8601 time in UTC');
  return toInstant(parsed);
};

const malformed = (message: string) => updateError('manifest-malformed', message);
