import type { DeviceProfile } from './profile.ts';

/** What is left of each supply, in percent. */
export type Supplies = Readonly<Record<string, number>>;

/** What a device of this kind leaves the factory with. */
export const factorySupplies = ({ supplies }: DeviceProfile): Supplies =>
  Object.fromEntries(Object.entries(supplies).map(([name, { initialPercent }]) => [name, initialPercent]));

/** What is left of each, with the factory's amount for one that NV-RAM does not know yet. */
export const suppliesLeft = (profile: DeviceProfile, kept: Supplies = {}): Supplies =>
  Object.fromEntries(
    Object.entries(factorySupplies(profile)).map(([name, initial]) => [name, kept[name] ?? initial]),
  );

/** What is left after one unit of a job. */
export const afterUnit = (profile: DeviceProfile, left: Supplies, kind: string): Supplies => {
  const used = profile.jobs[kind]?.supplies ?? {};
  return Object.fromEntries(
    Object.entries(left).map(([name, before]) => [name, rounded(Math.max(0, before - (used[name] ?? 0)))]),
  );
};

/** Supplies that have just come to run low, or to an end: somebody has to know. */
export const fallen = (
  { supplies }: DeviceProfile,
  before: Supplies,
  after: Supplies,
): readonly { readonly supply: string; readonly remainingPercent: number }[] =>
  Object.entries(after)
    .filter(([name, left]) =>
      [supplies[name]?.lowPercent ?? 0, 0].some((limit) => (before[name] ?? 100) > limit && left <= limit),
    )
    .map(([supply, left]) => ({ supply, remainingPercent: Math.round(left) }));

/** Sums of many small steps stay what they would be on paper. */
const rounded = (percent: number): number => Math.round(percent * 1e6) / 1e6;
