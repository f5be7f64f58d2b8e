import { Seconds } from '@postern/core';
import type { Check } from '../check.ts';
import { failed } from '../verdicts.ts';
import type { Happening } from './happenings.ts';
import type { IntermediaryTarget } from './intermediary-target.ts';

/** How long an intermediary may stay away after it was cut off: pauses double, up to a minute with ours. */
const COMES_AGAIN = Seconds(40);
const POLLS_WITHIN = Seconds(30);

const POLL_AGAIN = 'Call again after a pause; pauses may grow, but not beyond a minute.';

/** The next poll that comes after now. */
const nextPoll = (
  { happenings }: IntermediaryTarget,
  signal: AbortSignal,
  within = POLLS_WITHIN,
): Promise<Extract<Happening, { readonly kind: 'poll' }>> =>
  happenings.first(
    'poll',
    (poll) => poll,
    { otherwise: 'No further poll came', next: POLL_AGAIN, within, from: happenings.mark },
    signal,
  );

/** That whoever shows this certificate in place of the server's is asked for nothing. */
const turnsAway = (
  id: string,
  title: string,
  shown: (target: IntermediaryTarget) => IntermediaryTarget['strangeServer'],
): Check<IntermediaryTarget> => ({
  id,
  title,
  section: 'A1, docs/security.md',
  level: 'required',
  run: async (target, signal) => {
    const { happenings, server } = target;
    await target.firstPoll(POLLS_WITHIN, signal);
    const awaited = {
      otherwise: 'After its connections were cut it did not come again',
      next: POLL_AGAIN,
      within: COMES_AGAIN,
      from: happenings.mark,
    };
    const asked = await server.showing(shown(target), () =>
      happenings.first(
        'connection',
        (one) => (one.shown === 'other' ? one.asked : undefined),
        awaited,
        signal,
      ),
    );
    if (asked) {
      throw failed(
        'It sent its request to it',
        'Verify the certificate of the server: the CA of the installation, and urn:postern:server:NAME in it.',
      );
    }
    await nextPoll(target, signal, COMES_AGAIN);
  },
});

/** How the intermediary calls out. */
export const uplinkChecks: readonly Check<IntermediaryTarget>[] = [
  {
    id: 'poll',
    title: 'it polls, and by the certificate it polls with is who its own contract says',
    section: 'Poll, R1, A1',
    level: 'required',
    run: async (target, signal) => {
      const name = await target.firstPoll(POLLS_WITHIN, signal);
      const request = { device: target.device.information() };
      const { intermediaryId } = await target.device.call((client) =>
        client.call('Register', request, { signal }),
      );
      if (intermediaryId === name) return;
      throw failed(
        `It polls as ${name}, and says to devices that it is ${intermediaryId}`,
        'Say the name of the certificate in RegisterResponse.',
      );
    },
  },
  turnsAway(
    'uplink-foreign-ca',
    'a server with a certificate of another CA is not polled',
    ({ strangeServer }) => strangeServer,
  ),
  turnsAway(
    'uplink-other-role',
    "a server that shows a device's certificate is not polled",
    ({ options }) => options.node,
  ),
];
