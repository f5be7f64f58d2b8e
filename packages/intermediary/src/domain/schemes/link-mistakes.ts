import { errorMessage } from '@postern/core';
import {
  ANY_DEVICE,
  deviceLink,
  hasOneTimeChoices,
  type LinkConfig,
  type LinkEntry,
  provesNothing,
  schemeOf,
} from './device-links.ts';

/** What is wrong with a configuration, and where. */
export interface LinkMistake {
  readonly path: readonly string[];
  readonly message: string;
}

/**
 * Everything about schemes that configuration alone decides wrongly. What depends on the order or on the device is
 * judged with the order.
 */
export const linkMistakes = (config: LinkConfig): readonly LinkMistake[] => [
  ...unallowed(config, ANY_DEVICE, ['scheme']),
  ...Object.entries(config.devices).flatMap(([name, entry]) => [
    ...unallowed(config, name, ['devices', name]),
    ...listMistakes(config, name, entry),
    ...plainMistakes(config, name),
  ]),
];

const unallowed = (config: LinkConfig, name: string, path: readonly string[]): readonly LinkMistake[] => {
  const link = deviceLink(config, name);
  try {
    schemeOf(link, 'server', link.bulkPathKind ?? 'ftp');
    return [];
  } catch (error) {
    return [{ path, message: errorMessage(error) }];
  }
};

const listMistakes = (config: LinkConfig, name: string, entry: LinkEntry): readonly LinkMistake[] => {
  const mistake = (key: string, message: string): LinkMistake => ({ path: ['devices', name, key], message });
  if (deviceLink(config, name).credential === 'password-list') {
    return [
      ...(entry.passwordListFile === undefined
        ? [mistake('passwordListFile', 'A device with a password list needs the file of the list')]
        : []),
      ...(hasOneTimeChoices(entry)
        ? [mistake('credential', 'Nobody generates or erases the passwords of a password list')]
        : []),
    ];
  }
  return (['passwordListFile', 'address'] as const)
    .filter((key) => entry[key] !== undefined)
    .map((key) => mistake(key, 'This belongs to a device whose credential is password-list'));
};

const plainMistakes = (config: LinkConfig, name: string): readonly LinkMistake[] => {
  const link = deviceLink(config, name);
  if (!link.plainRequests) return [];
  const path = ['devices', name, 'plainRequests'];
  if (link.credential === 'password-list') {
    return [{ path, message: 'A device with a password list is never asked to make a password' }];
  }
  if (!provesNothing(link)) return [];
  return [{ path, message: 'A device that proves nothing cannot bring its password itself (tls)' }];
};
