import { type Clock, errorCode, errorMessage, type Logger, Seconds } from '@postern/core';
import { createImageRoute, type HttpRoute, type ImageRefusal } from '@postern/soap-rpc';
import { updateError } from '@postern/software-update';
import type { Cascade } from '../../composition/compose-cascade.ts';
import { intermediaryError } from '../../errors.ts';

const ASK_AGAIN = Seconds(5);

/** Serves images to intermediaries below. */
export const imagesForChildren = (
  { admission, images }: Pick<Cascade, 'admission' | 'images'>,
  clock: Clock,
  logger: Logger,
): HttpRoute =>
  createImageRoute({
    find: async (peer, sha256, signal) => images.find(admission.admit(peer), sha256, signal),
    refuse: (code, message) =>
      code === 'image-missing' ? updateError(code, message) : intermediaryError(code, message),
    refusal: (error) => refusalOf(error, logger),
    clock,
    logger,
  });

const STATUS: Readonly<Record<string, number>> = {
  'not-authorised': 403,
  'image-missing': 404,
  'method-not-allowed': 405,
  'image-not-ready': 503,
  'too-many-children': 503,
};

const refusalOf = (error: unknown, logger: Logger): ImageRefusal => {
  const code = errorCode(error, 'internal-error');
  const status = Object.hasOwn(STATUS, code) ? (STATUS[code] ?? 500) : 500;
  if (status !== 500) {
    const problem = { code, message: errorMessage(error) };
    return code === 'image-not-ready' ? { status, problem, retryAfter: ASK_AGAIN } : { status, problem };
  }
  logger.error('An image could not be served', { code, error: errorMessage(error) });
  return { status, problem: { code: 'internal-error', message: 'The intermediary failed' } };
};
