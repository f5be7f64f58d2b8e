import { cliError } from './errors.ts';

/** One component of a release, as `--component` names it. */
export interface ComponentFile {
  readonly name: string;
  readonly version: string;
  readonly releaseCounter: number;
  readonly file: string;
}

/** How `--component` is written, for help texts. */
export const COMPONENT_FORM = '<name:version:counter:file...>';

/**
 * Reads `NAME:VERSION:COUNTER:FILE`; the file's name may contain colons.
 *
 * @throws PosternError `component-invalid`
 */
export const parseComponent = (text: string): ComponentFile => {
  const [name, version, counter, ...file] = text.split(':');
  const releaseCounter = Number(counter);
  if (!name || !version || file.length === 0 || !Number.isSafeInteger(releaseCounter) || releaseCounter < 1) {
    throw cliError('component-invalid', `Not a component: ${text}`);
  }
  return { name, version, releaseCounter, file: file.join(':') };
};
