import { errorCode, errorMessage, type Logger } from '@postern/core';
import { isOurs } from './bulk-errors.ts';

/** A refusal in FTP's words, which every kind uses: the updater reads `5xx code: text` whatever carried it. */
export interface Refusal {
  readonly code: number;
  readonly text: string;
}

/** Longest text of one reply, in characters. */
const LONGEST_TEXT = 400;

/** Whatever the text contains, no further line can be smuggled in. */
export const oneLine = (text: string): string => text.replace(/\p{Cc}+/gu, ' ').slice(0, LONGEST_TEXT);

/**
 * What a client is told about an error that the service threw. Only our own errors speak to it (`<code>: <message>`);
 * of others, which may name paths or internals, nothing is told.
 */
export const refusalOf = (error: unknown, logger: Logger, ending: AbortSignal): Refusal => {
  const code = errorCode(error, 'internal');
  if (!isOurs(error) || code === 'deadline-exceeded' || ending.aborted) {
    if (!ending.aborted) logger.error('The bulk service failed', { code, reason: errorMessage(error) });
    return { code: 451, text: 'Local error in processing' };
  }
  return { code: OUT_OF_SPACE.includes(code) ? 552 : 550, text: `${code}: ${errorMessage(error)}` };
};

/** Codes that mean "more bytes than there is room for". */
const OUT_OF_SPACE = ['too-long', 'storage-full'];
