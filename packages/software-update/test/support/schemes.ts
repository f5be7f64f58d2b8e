import { DEFAULT_SCHEME, judgeScheme, type OneTimeScheme, type UpdateScheme } from '@postern/software-update';
import type { SiteOptions } from './in-memory-site.ts';

type SchemeOptions = Pick<SiteOptions, 'scheme' | 'plainPath'>;

const oneTime = (choices: Partial<OneTimeScheme>): OneTimeScheme => ({ ...DEFAULT_SCHEME, ...choices });

export const LIST: UpdateScheme = { credential: 'password-list', orderedBy: 'server', bulkPathKind: 'ftp' };

/** One of each way that differs on the wire. */
export const REPRESENTATIVES = {
  'Fig 17': { scheme: DEFAULT_SCHEME },
  'Fig 17, by request on the secure path': { scheme: oneTime({ invalidation: 'request' }) },
  'Fig 22, by request in plain HTTP': {
    scheme: oneTime({ orderedBy: 'panel', invalidation: 'request' }),
    plainPath: true,
  },
  'Fig 17 and 24': { scheme: oneTime({ eraser: 'target' }) },
  'Fig 21, in the answer': { scheme: oneTime({ passwordGenerator: 'target' }) },
  'Fig 21, by request': {
    scheme: oneTime({ passwordGenerator: 'target', invalidation: 'request' }),
    plainPath: true,
  },
  'Fig 21 and 24': { scheme: oneTime({ passwordGenerator: 'target', eraser: 'target' }), plainPath: true },
  'Fig 23': { scheme: oneTime({ orderedBy: 'panel', passwordGenerator: 'target' }) },
  'Fig 23 and 24': {
    scheme: oneTime({ orderedBy: 'panel', passwordGenerator: 'target', eraser: 'target' }),
    plainPath: true,
  },
  'Fig 13': { scheme: LIST },
} as const satisfies Record<string, SchemeOptions>;

export const REPRESENTATIVE_NAMES = Object.keys(REPRESENTATIVES) as (keyof typeof REPRESENTATIVES)[];

/** Every combination that is allowed. The bulk path is one here: what differs of it is a matter of its adapters. */
export const ALLOWED_SCHEMES: readonly UpdateScheme[] = (
  ['server', 'panel', 'operation-port', 'schedule'] as const
)
  .flatMap((orderedBy) => [
    { ...LIST, orderedBy },
    ...(['updater', 'target'] as const).flatMap((passwordGenerator) =>
      (['updater', 'target'] as const).flatMap((eraser) =>
        (['overwrite-random', 'overwrite-fixed', 'request'] as const).flatMap((invalidation) =>
          (['mutual', 'intermediary-authenticated', 'device-authenticated'] as const).map((tls) =>
            oneTime({ orderedBy, passwordGenerator, eraser, invalidation, tls }),
          ),
        ),
      ),
    ),
  ])
  .filter((scheme) => judgeScheme(scheme).allowed);
