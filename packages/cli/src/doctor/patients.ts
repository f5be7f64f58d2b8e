import type { IntermediaryConfig } from '@postern/intermediary/launch';
import type { Patient } from './examine.ts';
import type { Listener } from './ports.ts';

/** Files, databases and what a process has anyway. */
const OWN_FILES = 500;

/** @throws PosternError `config-invalid` */
export const serverPatients = async (input: object): Promise<readonly Patient[]> => {
  const { parseServerConfig } = await import('@postern/management-server');
  const config = parseServerConfig(input);
  const { dataDir, identityDir, revocationListFile, uplink, rest, limits, mail } = config;
  const recipients = Object.entries(mail?.intermediaries ?? {});
  return [
    {
      role: 'server',
      what: 'server',
      dataDir,
      identities: [{ directory: identityDir }],
      vendorKeys: { files: config.vendorKeyFiles, threshold: config.vendorThreshold },
      ...(mail === undefined
        ? {}
        : { mailTo: recipients.map(([name, { certificateFile }]) => ({ name, certificateFile })) }),
      revocationListFile,
      listeners: [
        { name: 'uplink', ...uplink },
        { name: 'rest', ...rest },
      ],
      descriptors: limits.uplinkConnections + limits.restConnections + OWN_FILES,
    },
  ];
};

/** @throws PosternError `config-invalid` */
export const intermediaryPatients = async (input: object): Promise<readonly Patient[]> => {
  const { parseConfig } = await import('@postern/intermediary/launch');
  return [intermediaryPatient(parseConfig(input), 'intermediary')];
};

const intermediaryPatient = (config: IntermediaryConfig, what: string): Patient => {
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
    what,
    dataDir,
    identities: [{ directory: identityDir }],
    vendorKeys: { files: config.vendorKeyFiles, threshold: config.vendorThreshold },
    // It mails to nobody, and is mailed to.
    ...(config.mail === undefined ? {} : { mailTo: [] }),
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
 * The devices, and the intermediary that is built into one of them.
 *
 * @throws PosternError `config-invalid`
 */
export const devicePatients = async (input: object): Promise<readonly Patient[]> => {
  const { carriersOf, readDeviceProcess } = await import('../device-process.ts');
  const { config, builtIn } = await readDeviceProcess(input);
  const { dataDir, devices, intermediary, revocationListFile, panelPage } = config;
  const authenticated = devices.some(({ secureLink }) => secureLink === 'mutual');
  const own: Patient = {
    role: 'device',
    what: `${devices.length} devices`,
    dataDir,
    identities: devices.map(({ id, identityDir }) => ({ directory: identityDir, name: id })),
    vendorKeys: { files: config.vendorKeyFiles, threshold: config.vendorThreshold },
    emulated: { config, strays: builtIn === undefined ? await carriersOf(config) : [] },
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
    // The one that is built in runs when they do.
    above:
      authenticated && builtIn === undefined
        ? {
            name: 'intermediary',
            url: intermediary.secureUrl,
            expect: { role: 'intermediary', name: intermediary.name },
          }
        : undefined,
    descriptors: devices.length * 2 + OWN_FILES,
  };
  return builtIn === undefined
    ? [own]
    : [own, intermediaryPatient(builtIn, 'the intermediary that is built in')];
};
