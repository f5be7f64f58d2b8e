import { strictJson as strictly } from '@postern/core';
import { type UpdateErrorCode, updateError } from '../errors.ts';

/** {@link strictly} with the errors of this package. @param code of the errors that every function throws */
export const strictJson = (code: UpdateErrorCode) =>
  strictly((message: string, cause?: unknown) => updateError(code, message, cause));
