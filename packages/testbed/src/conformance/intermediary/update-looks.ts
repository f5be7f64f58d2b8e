import type { device } from '@postern/contracts';
import { type Happening, requestTo } from './happenings.ts';
import type { UpdateRun } from './update-run.ts';

type Of<K extends Happening['kind']> = Extract<Happening, { readonly kind: K }>;

/** Where the first of a kind stands in an update; -1 where there is none. */
export const placeIn = <K extends Happening['kind']>(
  { happenings }: UpdateRun,
  kind: K,
  fits?: (one: Of<K>) => boolean,
  after = 0,
): number => happenings.place(kind, fits, after);

/** What the updater stored at the device: the password, and whatever replaced it. */
export const shared = ({ happenings }: UpdateRun): readonly device.StoreOneTimePassword[] =>
  happenings
    .of('device-call')
    .map((call) => requestTo(call, 'StoreOneTimePassword'))
    .filter((request) => request !== undefined);

/** Whether a call at the device shares a password. */
export const isShare = (call: Of<'device-call'>): boolean =>
  call.operation === 'GenerateOneTimePassword' ||
  (call.operation === 'StoreOneTimePassword' &&
    requestTo(call, 'StoreOneTimePassword')?.purpose !== 'erasure');
