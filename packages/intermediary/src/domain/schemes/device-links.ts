import {
  type BulkPathKind,
  DEFAULT_SCHEME,
  judgeScheme,
  type OneTimeScheme,
  type OrderOrigin,
  type UpdateScheme,
  updateError,
} from '@postern/software-update';

/** What a configuration chooses of a scheme. */
export interface LinkChoices {
  readonly credential?: UpdateScheme['credential'] | undefined;
  readonly passwordGenerator?: OneTimeScheme['passwordGenerator'] | undefined;
  readonly eraser?: OneTimeScheme['eraser'] | undefined;
  readonly invalidation?: OneTimeScheme['invalidation'] | undefined;
  readonly tls?: OneTimeScheme['tls'] | undefined;
}

/** What is configured of the link to one device. */
export interface LinkEntry extends LinkChoices {
  readonly bulkPathKind?: BulkPathKind | undefined;
  readonly plainRequests?: boolean | undefined;
  /** The device may do less for its updates than it once did. */
  readonly allowLowerAssurance?: boolean | undefined;
  readonly passwordListFile?: string | undefined;
  /** What it proves to be; an intermediary whose own software is updated from here (U21) is no device. */
  readonly role?: 'device' | 'intermediary' | undefined;
  readonly address?:
    | {
        readonly host: string;
        readonly bulkPort: number;
        readonly plainPort: number;
        readonly model: string;
        readonly components?: Readonly<Record<string, string>> | undefined;
      }
    | undefined;
}

/** What is configured of all links. */
export interface LinkConfig {
  readonly scheme: LinkChoices;
  /** By device. */
  readonly devices: Readonly<Record<string, LinkEntry>>;
}

/** What holds for one device. */
export type DeviceLink = Required<{ [K in keyof LinkChoices]: NonNullable<LinkChoices[K]> }> &
  Pick<LinkEntry, 'bulkPathKind' | 'passwordListFile' | 'address'> & {
    readonly plainRequests: boolean;
    readonly allowLowerAssurance: boolean;
    readonly role: 'device' | 'intermediary';
  };

/** What an order demands of the scheme. */
export type SchemeDemand = Pick<LinkChoices, 'passwordGenerator' | 'eraser' | 'invalidation'> &
  Pick<LinkEntry, 'bulkPathKind'>;

/**
 * What holds for a device: what is configured for it, else for the site, else the default scheme's.
 *
 * @spec A1 A2 A3
 */
export const deviceLink = ({ scheme, devices }: LinkConfig, deviceId: string): DeviceLink => {
  const entry: LinkEntry = Object.hasOwn(devices, deviceId) ? (devices[deviceId] ?? {}) : {};
  const { credential, passwordGenerator, eraser, invalidation, tls } = DEFAULT_SCHEME;
  const pick = <K extends keyof LinkChoices>(key: K, otherwise: NonNullable<LinkChoices[K]>) =>
    (entry[key] ?? scheme[key] ?? otherwise) as NonNullable<LinkChoices[K]>;
  return {
    credential: pick('credential', credential),
    passwordGenerator: pick('passwordGenerator', passwordGenerator),
    eraser: pick('eraser', eraser),
    invalidation: pick('invalidation', invalidation),
    tls: pick('tls', tls),
    plainRequests: entry.plainRequests ?? false,
    allowLowerAssurance: entry.allowLowerAssurance ?? false,
    bulkPathKind: entry.bulkPathKind,
    passwordListFile: entry.passwordListFile,
    role: entry.role ?? 'device',
    address: entry.address,
  };
};

/** Whether a device may come without a certificate: only where it is configured so (A2). */
export const provesNothing = ({ tls, credential }: DeviceLink): boolean =>
  credential !== 'password-list' && tls === 'intermediary-authenticated';

/** Whether some device of the site may come without a certificate. */
export const hasUnprovedDevices = (config: LinkConfig): boolean =>
  [...Object.keys(config.devices), ANY_DEVICE].some((name) => provesNothing(deviceLink(config, name)));

/** A device without an entry of its own: no node can have this name. */
export const ANY_DEVICE = '';

/**
 * The scheme of one update. What an order demands comes before what is configured; the TLS mode is only ever
 * configured, so that nobody from outside can weaken a link.
 *
 * @param registered the kind of bulk path that the device serves
 * @throws PosternError `bulk-path-not-allowed`, `scheme-not-allowed`
 * @spec U11 U12 U15 U18 P1
 */
export const schemeOf = (
  link: DeviceLink,
  orderedBy: OrderOrigin,
  registered: BulkPathKind,
  demand: SchemeDemand = {},
): UpdateScheme => {
  const wanted = demand.bulkPathKind ?? link.bulkPathKind ?? registered;
  if (wanted !== registered) {
    throw updateError('bulk-path-not-allowed', `${wanted} is asked for, the device serves ${registered}`);
  }
  const scheme = chosenScheme(link, orderedBy, registered, demand);
  const verdict = judgeScheme(scheme);
  if (!verdict.allowed) throw updateError('scheme-not-allowed', verdict.reason);
  if (link.role === 'intermediary') requireAbleIntermediary(scheme);
  return scheme;
};

/** What an intermediary can do as the target of an update. */
const requireAbleIntermediary = (scheme: UpdateScheme): void => {
  const able = scheme.credential === 'one-time-password' && scheme.tls === 'mutual';
  if (able && scheme.eraser === 'updater') return;
  throw updateError(
    'scheme-not-allowed',
    'An intermediary is updated over mutual TLS only, and does not erase its passwords itself',
  );
};

const chosenScheme = (
  { credential, tls, ...link }: DeviceLink,
  orderedBy: OrderOrigin,
  bulkPathKind: BulkPathKind,
  demand: SchemeDemand,
): UpdateScheme => {
  if (credential === 'password-list') {
    if (hasOneTimeChoices(demand)) {
      throw updateError(
        'scheme-not-allowed',
        'The device has a password list: nobody generates or erases its passwords',
      );
    }
    return { credential, orderedBy, bulkPathKind };
  }
  return {
    credential,
    orderedBy,
    passwordGenerator: demand.passwordGenerator ?? link.passwordGenerator,
    eraser: demand.eraser ?? link.eraser,
    invalidation: demand.invalidation ?? link.invalidation,
    tls,
    bulkPathKind,
  };
};

/** Choices that have no meaning for a password list. */
export const hasOneTimeChoices = ({ passwordGenerator, eraser, invalidation }: SchemeDemand): boolean =>
  passwordGenerator !== undefined || eraser !== undefined || invalidation !== undefined;
