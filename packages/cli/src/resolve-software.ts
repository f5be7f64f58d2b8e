import type { OperatorClient } from '@postern/management-server/client';
import { cliError } from './errors.ts';

/**
 * A software ID as it is, or the newest registered release of `NAME` or `NAME@VERSION`.
 *
 * @throws PosternError `software-not-registered`
 */
export const resolveSoftware = async (client: OperatorClient, text: string): Promise<string> => {
  if (/^sw-[0-9a-f]+$/.test(text)) return text;
  const [name, version] = text.split('@');
  const counter = (item: { components: readonly { releaseCounter: number }[] }): number =>
    Math.max(...item.components.map(({ releaseCounter }) => releaseCounter));
  const [newest] = (await client.listSoftware())
    .filter(({ software }) => software === name)
    .filter(({ components }) => version === undefined || components.some((item) => item.version === version))
    .sort((left, right) => counter(right) - counter(left));
  if (newest === undefined) {
    throw cliError('software-not-registered', `No software ${text} is registered`);
  }
  return newest.id;
};
