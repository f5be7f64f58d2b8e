import { type Clock, PosternError } from '@postern/core';
import { type EnrolledNode, openNodeIdentity } from '@postern/pki';

/**
 * The device's certificate and key.
 *
 * @throws PosternError `identity-unexpected` when they are another node's, and those of `openNodeIdentity`
 */
export const ownIdentity = async (
  { id, identityDirectory }: { readonly id: string; readonly identityDirectory: string },
  clock: Clock,
): Promise<EnrolledNode> => {
  const node = await openNodeIdentity({ directory: identityDirectory, clock });
  const { role, name } = node.identity;
  if (role === 'device' && name === id) return node;
  throw new PosternError('identity-unexpected', `The identity of ${id} is that of ${role} ${name}`, {
    hint: 'Give each device a bundle of its own.',
  });
};
