import type { device } from '@postern/contracts';
import { DEFAULT_SCHEME, judgeScheme, updateError } from '@postern/software-update';

/**
 * Whether an order's choices can go together at all. The site decides again with what it knows of the device's link;
 * mutual TLS, which is assumed here, allows the most.
 *
 * @throws PosternError `scheme-not-allowed`
 * @spec U11 U12 U15 U18
 */
export const checkPolicy = (policy: device.UpdatePolicy = {}): void => {
  const { passwordGenerator, eraser, invalidation, bulkPathKind } = policy;
  const verdict = judgeScheme({
    ...DEFAULT_SCHEME,
    ...(passwordGenerator === undefined ? {} : { passwordGenerator }),
    ...(eraser === undefined ? {} : { eraser }),
    ...(invalidation === undefined ? {} : { invalidation }),
    ...(bulkPathKind === undefined ? {} : { bulkPathKind }),
  });
  if (!verdict.allowed) throw updateError('scheme-not-allowed', verdict.reason);
};
