import { cliError } from '../errors.ts';
import type { Patient } from './examine.ts';
import type { Listener } from './ports.ts';

/** Files, databases and what a process has anyway. */
const OWN_FILES = 500;

/** @throws PosternError `config-invalid` */
export const serverPatient = async (input: object): Promise<Patient> => {
  const { parseServerConfig } = await import('@postern/management-server');
  const { dataDir, identityDir, revocationListFile, uplink, rest, limits } = parseServerConfig(input);
  return {
    role: 'server',
    dataDir,
    identities: [{ directory: identityDir }],
    revocationListFile,
    listeners: [
      { name: 'uplink', ...uplink },
      { name: 'rest', ...rest },
    ],
    descriptors: limits.uplinkConnections + limits.restConnections + OWN_FILES,
  };
};

/** @throws PosternError `config-invalid` */
export const intermediaryPatient = async (input: object): Promise<Patient> => {
  const { parseConfig } = await import('@postern/intermediary/launch');
  const config = parseConfig(input);
  const { dataDir, identityDir, revocationListFile, uplink, concurrency } = config;
  const listeners: readonly (readonly [string, Omit<Listener, 'name'> | undefined])[] = [
    ['secure', config.secure],
    ['notice', config.notice],
    ['below', config.below],
    ['drop', config.drop],
    ['mail.listen', config.mail?.listen],
    ['ownSoftware.bulk', config.ownSoftware?.bulk],
  ];
  return {
    role: 'intermediary',
    dataDir,
    identities: [{ directory: identityDir }],
    revocationListFile,
    listeners: listeners.flatMap(([name, where]) =>
      where === undefined ? [] : [{ name, host: where.host, port: where.port }],
    ),
    above:
      uplink === undefined
        ? undefined
        : { name: 'uplink', url: uplink.url, expect: { role: uplink.role, name: uplink.serverName } },
    descriptors: concurrency * 4 + OWN_FILES,
  };
};

/**
 * Devices with the intermediary function built in are examined without it: `--intermediary` takes its configuration.
 *
 * @throws PosternError `config-invalid`
 */
export const devicesPatient = async (input: object): Promise<Patient> => {
  const { deviceConfigSchema } = await import('@postern/device-emulator');
  const parsed = deviceConfigSchema.safeParse(input);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      ({ path, message }) => `${path.join('.') || 'configuration'}: ${message}`,
    );
    throw cliError('config-invalid', problems.join('; '));
  }
  const { dataDir, devices, intermediary, revocationListFile, panelPage } = parsed.data;
  const authenticated = devices.some(({ secureLink }) => secureLink === 'mutual');
  return {
    role: 'device',
    dataDir,
    identities: devices.map(({ id, identityDir }) => ({ directory: identityDir, name: id })),
    revocationListFile,
    listeners: [
      ...devices.flatMap(({ id, soap, ftp, plain }) => [
        ...(soap.port === 0 ? [] : [{ name: `${id} soap`, host: soap.host, port: soap.port }]),
        ...(ftp.port === 0 ? [] : [{ name: `${id} ftp`, host: ftp.host, port: ftp.port }]),
        ...(plain === undefined || plain.port === 0
          ? []
          : [{ name: `${id} plain`, host: plain.host, port: plain.port }]),
      ]),
      ...(panelPage === undefined ? [] : [{ name: 'panelPage', host: panelPage.host, port: panelPage.port }]),
    ],
    above: authenticated
      ? {
          name: 'intermediary',
          url: intermediary.secureUrl,
          expect: { role: 'intermediary', name: intermediary.name },
        }
      : undefined,
    descriptors: devices.length * 2 + OWN_FILES,
  };
};
