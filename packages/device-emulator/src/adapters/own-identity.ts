import { type Clock, errorCode, type Logger, PosternError } from '@postern/core';
import { type EnrolledNode, openNodeIdentity } from '@postern/pki';

/**
 * The device's certificate and key. Whether the certificate is valid now is for whoever it is shown to: a device whose
 * clock has lost the time has to start all the same, or nobody could put it right, and an update would end it.
 *
 * @throws PosternError `identity-unexpected` when they are another node's, and those of `openNodeIdentity`
 */
export const ownIdentity = async (
  { id, identityDirectory }: { readonly id: string; readonly identityDirectory: string },
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
): Promise<EnrolledNode> => {
  const onInvalid = (error: unknown): void =>
    logger.warn('By the clock of the device its certificate is not valid', {
      device: id,
      code: errorCode(error, ''),
    });
  const node = await openNodeIdentity({ directory: identityDirectory, clock, onInvalid });
  const { role, name } = node.identity;
  if (role === 'device' && name === id) return node;
  throw new PosternError('identity-unexpected', `The identity of ${id} is that of ${role} ${name}`, {
    hint: 'Give each device a bundle of its own.',
  });
};
