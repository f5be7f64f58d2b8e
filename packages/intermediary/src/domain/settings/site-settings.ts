import type { types } from '@postern/contracts';
import { intermediaryError } from '../../errors.ts';

/** What was set while the intermediary ran. Synchronous and durable on return. */
export interface SettingStore {
  get(name: string): number | undefined;
  set(name: string, value: number): void;
}

interface Bounds {
  readonly least: number;
  readonly most: number;
}

/**
 * What can be set while the intermediary runs: whole numbers, durations in seconds. A held poll is no longer than 110 s:
 * servers end them after a minute, and one that ends early for no reason is paused for.
 *
 * @spec I1 I3
 */
const SETTINGS = {
  'polling.hold': { least: 0, most: 110 },
  'polling.interval': { least: 0, most: 86_400 },
  'requests.tries': { least: 1, most: 100 },
  'requests.delay-notice-after': { least: 0, most: 60 },
  'updates.transfer-tries': { least: 1, most: 20 },
  'updates.restart-timeout': { least: 10, most: 86_400 },
} as const satisfies Record<string, Bounds>;

export type SettingName = keyof typeof SETTINGS;

const NAMES = Object.keys(SETTINGS) as readonly SettingName[];

/** A poll is held at least so long, or the next one begins so much later: nobody polls in a busy loop. */
const LEAST_ROUND = 5;

/** The settings in force: what was set, else what is configured. They are read whenever they are needed. */
export class SiteSettings {
  readonly #store: SettingStore;
  readonly #configured: Readonly<Record<SettingName, number>>;

  constructor(store: SettingStore, configured: Readonly<Record<SettingName, number>>) {
    this.#store = store;
    this.#configured = configured;
  }

  get(name: SettingName): number {
    return this.#store.get(name) ?? this.#configured[name];
  }

  /**
   * @param names all unless given
   * @throws PosternError `parameter-unknown`
   */
  list(names: readonly string[] = NAMES): types.Parameters {
    return { item: names.map((name) => ({ name, value: `${this.get(known(name))}` })) };
  }

  /**
   * Sets all of them or none. Called inside the transaction that stores the request.
   *
   * @throws PosternError `parameter-unknown`, `parameter-invalid`
   */
  set(parameters: types.Parameters): void {
    const wanted = new Map<SettingName, number>();
    for (const { name, value } of parameters.item) {
      if (wanted.has(known(name))) throw invalid(name, 'it is given twice');
      wanted.set(known(name), checked(known(name), value));
    }
    const hold = wanted.get('polling.hold') ?? this.get('polling.hold');
    const interval = wanted.get('polling.interval') ?? this.get('polling.interval');
    if ((wanted.has('polling.hold') || wanted.has('polling.interval')) && hold + interval < LEAST_ROUND) {
      throw invalid(
        'polling',
        `a poll that is held for ${hold} s and comes every ${interval} s is too often`,
      );
    }
    for (const [name, value] of wanted) this.#store.set(name, value);
  }
}

const known = (name: string): SettingName => {
  const found = NAMES.find((each) => each === name);
  if (found !== undefined) return found;
  throw intermediaryError('parameter-unknown', `An intermediary has no parameter ${name}`);
};

const checked = (name: SettingName, text: string): number => {
  const { least, most } = SETTINGS[name];
  const value = Number(text);
  if (/^\d{1,6}$/.test(text) && value >= least && value <= most) return value;
  throw invalid(name, `a whole number from ${least} to ${most} is expected`);
};

const invalid = (name: string, reason: string) =>
  intermediaryError('parameter-invalid', `${name}: ${reason}`);
