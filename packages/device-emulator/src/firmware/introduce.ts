import { type AnnounceContext, announce } from '../announce.ts';
import { notifyUpdater } from '../notify-updater.ts';
import type { ProgramContext } from '../program.ts';
import { bulkEndpoint, type InformationSource } from './device-information.ts';
import type { UseLink } from './intermediary-link.ts';

/** What a program needs to introduce itself. */
export type IntroductionContext = AnnounceContext &
  Pick<ProgramContext, 'signal' | 'startNotification' | 'onAnnounced'> & {
    /** Where the device is, in its own signed words; `undefined` where it signs none. */
    readonly placement: () => Promise<Uint8Array | undefined>;
  };

/** Registers and notifies the start, to the updater of the open job, too, if that is another than the intermediary. */
export const introduce = async (
  context: IntroductionContext,
  useLink: UseLink,
  information: InformationSource,
): Promise<void> => {
  const { id } = information.settings;
  const bulkPath = bulkEndpoint(information);
  await Promise.all([
    introduceToIntermediary(context, useLink),
    notifyUpdater({ deviceId: id, program: 'firmware', bulkPath }, context),
  ]);
};

/** The connection is closed when both are accepted. */
const introduceToIntermediary = (context: IntroductionContext, useLink: UseLink): Promise<void> =>
  useLink(async (link) => {
    const { signal, startNotification, onAnnounced, placement } = context;
    await announce('The registration', context, signal, async (bounded) =>
      link.register(await placement(), bounded),
    );
    await announce('The start notification', context, signal, async (bounded) => {
      const notification = startNotification();
      if (notification === undefined) return;
      await link.notifyStart(notification, bounded);
      onAnnounced();
    });
  });
