import type { uplink } from '@postern/contracts';
import { PosternError } from '@postern/core';
import { updateError } from '@postern/software-update';

/** The answer that was asked for. @throws PosternError with the code of a device that refuses */
export const answered = <K extends uplink.ResponseBody['kind']>(
  kind: K,
  answer: uplink.ResponseBody,
): Extract<uplink.ResponseBody, { readonly kind: K }> => {
  if (answer.kind === 'Failure') throw new PosternError(answer.value.code, answer.value.message);
  if (isOf(kind, answer)) return answer;
  throw updateError('internal-error', `${answer.kind} is no answer to what was asked`);
};

const isOf = <K extends uplink.ResponseBody['kind']>(
  kind: K,
  answer: uplink.ResponseBody,
): answer is Extract<uplink.ResponseBody, { readonly kind: K }> => answer.kind === kind;
