import type { device } from '@postern/contracts';
import type { UpdateTarget } from '@postern/software-update';

/**
 * Takes the word of the updater that a password of the list is used up (S45–S47), in plain HTTP as well: it bears a code
 * that only a holder of the list can make.
 *
 * @throws PosternError `password-list-missing`, `request-unproved`, and those of a manifest that is refused
 * @spec P1
 */
export const markPasswordUsed = async (
  { target }: { readonly target: UpdateTarget },
  { mac, keyRotations, ...used }: device.MarkPasswordUsed,
): Promise<device.MarkPasswordUsedResponse> => {
  const { list, next, remaining, manifestChecked } = await target.markUsed({
    ...used,
    ...(keyRotations?.record === undefined ? {} : { keyRotations: keyRotations.record }),
    ...(mac === undefined ? {} : { code: mac }),
  });
  return { list, next, remaining, manifestChecked };
};
