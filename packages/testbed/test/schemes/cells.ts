import {
  type BulkPathKind,
  type Invalidation,
  judgeScheme,
  type OneTimeScheme,
  type OrderOrigin,
  type Party,
  type TlsMode,
} from '@postern/software-update';

/** Names of everything that a type allows; a choice that is new does not compile until it is here. */
const allOf = <T extends string>(choices: Readonly<Record<T, true>>) => Object.keys(choices) as T[];

export const PARTIES = allOf<Party>({ updater: true, target: true });
export const INVALIDATIONS = allOf<Invalidation>({
  'overwrite-random': true,
  'overwrite-fixed': true,
  request: true,
});
export const TLS_MODES = allOf<TlsMode>({
  mutual: true,
  'intermediary-authenticated': true,
  'device-authenticated': true,
});
export const BULK_KINDS = allOf<BulkPathKind>({
  ftp: true,
  'ftps-explicit': true,
  'ftps-implicit': true,
  sftp: true,
});
/** What may be told with an order, or configured for a site: the rest lies with the device. */
export type Choices = Pick<OneTimeScheme, 'passwordGenerator' | 'eraser' | 'invalidation'>;

export const ALL_CHOICES: readonly Choices[] = PARTIES.flatMap((passwordGenerator) =>
  PARTIES.flatMap((eraser) =>
    INVALIDATIONS.map((invalidation) => ({ passwordGenerator, eraser, invalidation })),
  ),
);

/** A kind of device: its link, its bulk path, and whether it takes what needs no secrecy in plain HTTP. */
export interface DeviceKind {
  readonly tls: TlsMode;
  readonly bulkPathKind: BulkPathKind;
  readonly plain: boolean;
}

/** Plain requests have nothing to do with the bulk path: one kind of it is enough. */
export const DEVICE_KINDS: readonly DeviceKind[] = TLS_MODES.flatMap((tls) => [
  ...BULK_KINDS.map((bulkPathKind) => ({ tls, bulkPathKind, plain: false })),
  { tls, bulkPathKind: 'ftp' as const, plain: true },
]);

export const deviceName = ({ tls, bulkPathKind, plain }: DeviceKind): string =>
  `${tls}-${bulkPathKind}${plain ? '-plain' : ''}`;

/** One update of one kind of device in one scheme. */
export interface Cell {
  readonly name: string;
  readonly deviceId: string;
  readonly scheme: OneTimeScheme;
}

/** The cells of one orderer, one for each combination of everything else. */
const cellsOf = (orderedBy: OrderOrigin, kinds: readonly DeviceKind[]): readonly Cell[] =>
  ALL_CHOICES.flatMap((choices) =>
    kinds.map((kind) => ({
      name: nameOf(choices, kind),
      deviceId: deviceName(kind),
      scheme: {
        credential: 'one-time-password',
        orderedBy,
        ...choices,
        tls: kind.tls,
        bulkPathKind: kind.bulkPathKind,
      },
    })),
  );

const nameOf = ({ passwordGenerator, eraser, invalidation }: Choices, { tls, ...kind }: DeviceKind) =>
  `made by the ${passwordGenerator}, ended by the ${eraser} (${invalidation}), ${tls}, ${kind.bulkPathKind}${kind.plain ? ' and plain requests' : ''}`;

export const allowedCells = (orderedBy: OrderOrigin, kinds = DEVICE_KINDS): readonly Cell[] =>
  cellsOf(orderedBy, kinds).filter(({ scheme }) => judgeScheme(scheme).allowed);

export const refusedCells = (orderedBy: OrderOrigin, kinds = DEVICE_KINDS): readonly Cell[] =>
  cellsOf(orderedBy, kinds).filter(({ scheme }) => !judgeScheme(scheme).allowed);

export const choicesOf = ({ passwordGenerator, eraser, invalidation }: OneTimeScheme): Choices => ({
  passwordGenerator,
  eraser,
  invalidation,
});
