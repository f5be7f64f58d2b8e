import { Seconds } from '@postern/core';
import type { UpdateView } from '@postern/management-server/client';
import type { Site } from '../../site/site.ts';
import type { IntermediaryChoices } from '../../site/site-config.ts';
import { RELEASE } from '../images.ts';
import { DEVICE, type GenuineUpdate, type VictimOptions } from './victim.ts';

const DEADLINE = Seconds(20);

/** An intermediary in a hurry, for a site under attack. */
export const hurried = ({ credentialMargin }: VictimOptions): IntermediaryChoices => ({
  uplink: { hold: 10, firstPause: 0.05, longestPause: 0.2 },
  policy: {
    transferTries: 2,
    retryPause: 0.05,
    longestPause: 0.2,
    restartTimeout: 10,
    eraseTries: 1,
    ...(credentialMargin === undefined ? {} : { credentialMargin: credentialMargin / 1_000 }),
  },
});

/** Orders the release at the server. */
export const orderRelease = async (
  { operator }: Site,
  { deadline = DEADLINE }: VictimOptions,
): Promise<GenuineUpdate> => {
  const { id } = await operator.order(DEVICE, await operator.register(RELEASE), deadline);
  return {
    ended: async () => endOf(await operator.finished(id)),
    reached: (step) => (step === 'shared' ? operator.step(id, 'S106') : operator.step(id, 'S113', 'started')),
  };
};

/** As the server has it. */
const endOf = ({ state, failure }: UpdateView): string =>
  failure === null || failure === undefined ? state : `${state}: ${failure.code}`;

/** Start notifications that running updates have believed. */
export const startsBelieved = async ({ operator }: Site): Promise<number> => {
  const updates = await operator.client.listUpdates();
  const journals = await Promise.all(updates.map(({ id }) => operator.client.journal(id)));
  return journals.flat().filter(({ step, outcome }) => step === 'S115' && outcome === 'done').length;
};
