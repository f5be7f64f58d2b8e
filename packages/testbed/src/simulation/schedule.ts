import { judgeScheme, type OneTimeScheme, type Party } from '@postern/software-update';
import { Chance } from './chance.ts';
import type { Trouble } from './network.ts';
import { drawRequests, type RequestPlan } from './request-plan.ts';
import type { ReleaseName } from './software.ts';

/** All that one simulation does, drawn from its seed. Times are seconds from the start. */
export interface Schedule {
  readonly seed: number;
  readonly devices: readonly DevicePlan[];
  readonly orders: readonly OrderPlan[];
  /** What the server asks beside updates. */
  readonly requests: readonly RequestPlan[];
  /** When the vendor rotates its key. */
  readonly rotationAt: number | undefined;
  /** The period of the site's own version checks. */
  readonly checkEvery: number | undefined;
  readonly trouble: Trouble;
  /** Nothing is lost, dies or is attacked from then on. */
  readonly healsAt: number;
  readonly deaths: Readonly<Record<Tier, DeathPlan>>;
  readonly attack: AttackPlan;
}

export type Tier = 'server' | 'site' | 'device';

export interface DeathPlan {
  /** Of a death at any one boundary. */
  readonly probability: number;
  /** Of each node of the tier. */
  readonly most: number;
  /** Power cuts and kills at any time, of nodes of the tier that are drawn then. */
  readonly at: readonly number[];
}

export interface DevicePlan {
  readonly id: string;
  /** How the site's configuration has it. */
  readonly link:
    | (Pick<OneTimeScheme, 'passwordGenerator' | 'eraser' | 'invalidation' | 'tls' | 'bulkPathKind'> & {
        readonly credential: 'one-time-password';
        readonly plainRequests: boolean;
      })
    | { readonly credential: 'password-list'; readonly configured: boolean };
  readonly plainPath: boolean;
  readonly clock: 'real-time' | 'none';
  /** Its engine has a job from each start on, for so long. */
  readonly busySeconds: number;
  /** Firmware that crashes whenever it starts. */
  readonly crashing: readonly string[];
  /** When its flash loses both slots; from then on only the updater program starts. */
  readonly decaysAt: number | undefined;
}

export interface OrderPlan {
  readonly at: number;
  readonly device: number;
  readonly origin: 'server' | 'panel' | 'operation-port';
  readonly release: ReleaseName;
  readonly deadlineSeconds: number;
  readonly generator: Party | undefined;
  readonly cancelAfter: number | undefined;
}

export interface AttackPlan {
  /** Reads the plain bulk path and tries what it has read; seconds between two tries. */
  readonly replayEvery: number | undefined;
  /** Of a bit flipped in what crosses the plain bulk path. */
  readonly corrupts: number;
  /** Of a version report that is replaced. */
  readonly forgesReports: number;
  /** Forges start notifications, requests in plain HTTP and, where nobody proves a name, credentials. */
  readonly forges: boolean;
}

/** Draws the schedule of a seed. */
export const drawSchedule = (seed: number): Schedule => {
  const chance = new Chance(seed);
  const calm = chance.happens(0.05);
  const healsAt = calm ? 0 : chance.between(20, chance.pick([120, 400, 1_200]));
  const devices = Array.from({ length: chance.pick([1, 1, 1, 1, 1, 2, 2, 3]) }, (_, index) =>
    drawDevice(chance, `device-${index + 1}`, healsAt),
  );
  const count = chance.pick([1, 1, 1, 1, 2, 2, 3]);
  return {
    seed,
    devices,
    orders: Array.from({ length: count }, () => drawOrder(chance, devices, healsAt)),
    requests: drawRequests(seed, devices.length, healsAt),
    rotationAt: chance.happens(0.2) ? chance.between(1, 400) : undefined,
    checkEvery: chance.happens(0.1) ? chance.between(200, 900) : undefined,
    trouble: drawTrouble(chance, calm),
    healsAt,
    deaths: {
      server: drawDeaths(chance, calm, healsAt),
      site: drawDeaths(chance, calm, healsAt),
      device: drawDeaths(chance, calm, healsAt),
    },
    attack: drawAttack(chance, calm),
  };
};

const drawDevice = (chance: Chance, id: string, healsAt: number): DevicePlan => {
  const link = drawLink(chance);
  const listed = link.credential === 'password-list';
  return {
    id,
    link,
    plainPath:
      listed || (link.credential === 'one-time-password' && link.plainRequests) || chance.happens(0.4),
    clock: chance.happens(0.15) && !listed ? 'none' : 'real-time',
    busySeconds: chance.happens(0.25) ? chance.between(1, 200) : 0,
    crashing: chance.happens(0.12) ? [chance.pick(['2.0', '3.0'])] : [],
    decaysAt: chance.happens(0.04) ? chance.between(1, Math.max(healsAt, 1)) : undefined,
  };
};

const drawLink = (chance: Chance): DevicePlan['link'] => {
  if (chance.happens(0.2)) return { credential: 'password-list', configured: chance.happens(0.5) };
  for (;;) {
    const scheme = {
      credential: 'one-time-password',
      orderedBy: 'server',
      passwordGenerator: chance.pick(['updater', 'updater', 'target'] as const),
      eraser: chance.pick(['updater', 'updater', 'target'] as const),
      invalidation: chance.pick(['overwrite-random', 'overwrite-fixed', 'request'] as const),
      tls: chance.pick(['mutual', 'mutual', 'intermediary-authenticated', 'device-authenticated'] as const),
      bulkPathKind: chance.pick(['ftp', 'ftp', 'ftp', 'ftps-explicit', 'ftps-implicit', 'sftp'] as const),
    } as const;
    if (!judgeScheme(scheme).allowed) continue;
    const { orderedBy: _, ...link } = scheme;
    const plainRequests = scheme.tls !== 'intermediary-authenticated' && chance.happens(0.4);
    return { ...link, plainRequests };
  }
};

const drawOrder = (chance: Chance, devices: readonly DevicePlan[], healsAt: number): OrderPlan => {
  const at = chance.between(2, chance.pick([30, 300, 900]));
  const origin = chance.pick(['server', 'server', 'server', 'panel', 'operation-port'] as const);
  // Some end in the trouble, most have time left behind it.
  const deadlineSeconds = chance.happens(0.25)
    ? chance.between(60, 600)
    : Math.max(healsAt - at, 0) + chance.between(600, 1_800);
  return {
    at,
    device: chance.between(0, devices.length - 1),
    origin,
    release: chance.pick(['2.0', '2.0', '3.0', '3.0', '3.0', '1.0', '0.9'] as const),
    deadlineSeconds,
    generator: origin === 'panel' || chance.happens(0.1) ? chance.pick(['updater', 'target']) : undefined,
    cancelAfter: chance.happens(0.15) ? chance.between(0, 120) : undefined,
  };
};

const drawTrouble = (chance: Chance, calm: boolean): Trouble => {
  const probability = (most: number): number =>
    calm || chance.happens(0.3) ? 0 : chance.fraction() * chance.fraction() * most;
  return {
    lost: probability(0.6),
    answerLost: probability(0.6),
    delayed: probability(0.6),
    duplicated: probability(0.5),
    cut: probability(0.5),
  };
};

const drawDeaths = (chance: Chance, calm: boolean, healsAt: number): DeathPlan => ({
  probability: calm || chance.happens(0.35) ? 0 : chance.pick([0.003, 0.01, 0.03, 0.08]),
  most: chance.between(1, 5),
  at: calm || chance.happens(0.6) ? [] : [chance.between(1, Math.max(healsAt, 1))],
});

const drawAttack = (chance: Chance, calm: boolean): AttackPlan => {
  const none = calm || chance.happens(0.5);
  return {
    replayEvery: none || chance.happens(0.3) ? undefined : chance.between(5, 90),
    corrupts: none || chance.happens(0.6) ? 0 : chance.fraction() * 0.4,
    forgesReports: none || chance.happens(0.6) ? 0 : chance.fraction() * 0.4,
    forges: !none && chance.happens(0.5),
  };
};
