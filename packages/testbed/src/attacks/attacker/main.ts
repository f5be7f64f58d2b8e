import { errorMessage, systemClock } from '@postern/core';
import { channelOver } from './channel.ts';
import { PROGRAMS } from './programs/index.ts';

/** The attacker's process: is told what to be and what it knows, and does it. It ends with whoever started it. */
const channel = channelOver(systemClock, {
  send: (message) => process.send?.(message),
  onMessage: (take) => process.on('message', take),
});
process.on('disconnect', () => process.exit(0));

const { program, knows } = await channel.hear<{ program: string; knows: object }>('begin');
try {
  const chosen = PROGRAMS[program];
  if (chosen === undefined) throw new TypeError(`There is no attacker ${program}`);
  const attack = await chosen();
  await attack({ channel, clock: systemClock, knows });
} catch (error) {
  channel.say('broken', errorMessage(error));
}
