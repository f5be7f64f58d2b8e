import type { IntermediaryConfig } from '../config.ts';

/**
 * The configuration with the link of an intermediary to itself in it: like that of a device, but that it proves to be an
 * intermediary. Nothing that is configured for the devices of the site weakens it.
 *
 * @spec U21
 */
export const withOwnLink = (config: IntermediaryConfig, name: string): IntermediaryConfig => {
  if (config.ownSoftware === undefined) return config;
  const own = {
    role: 'intermediary',
    credential: 'one-time-password',
    passwordGenerator: 'updater',
    eraser: 'updater',
    invalidation: 'overwrite-random',
    tls: 'mutual',
    plainRequests: false,
  } as const;
  return { ...config, devices: { ...config.devices, [name]: own } };
};
