import { PosternError } from '@postern/core';

/** What the codes of this package mean, and what to do next. Failing writes have codes of the update protocol. */
export const IMAGE_SLOTS_ERRORS = {
  'powered-off': 'The target is switched off, or on its way there. Switch it on.',
  'target-record-damaged':
    'What the target remembers of its software is damaged. Restore the file from a backup; or remove it together with the folder `slots` beside it: then the target begins with the software it was installed with.',
} as const satisfies Record<string, string>;

export type ImageSlotsCode = keyof typeof IMAGE_SLOTS_ERRORS;

/** An error of this package, with its catalogue text as the hint. */
export const imageSlotsError = (
  code: ImageSlotsCode,
  message: string,
  cause?: unknown,
): PosternError<ImageSlotsCode> => new PosternError(code, message, { cause, hint: IMAGE_SLOTS_ERRORS[code] });
