import type { AttackerProgram } from '../program.ts';
import { bouncer } from './bouncer.ts';
import { eavesdropper } from './eavesdropper.ts';
import { guesser } from './guesser.ts';
import { pathCutter } from './path-cutter.ts';
import { pollReplayer } from './poll-replayer.ts';
import { portThief } from './port-thief.ts';
import { redirector } from './redirector.ts';
import { rogueUpdater } from './rogue-updater.ts';
import { startSpoofer } from './start-spoofer.ts';
import { stolenDevice } from './stolen-device.ts';
import { stolenIntermediary } from './stolen-intermediary.ts';
import { tamperer } from './tamperer.ts';

/** Every kind of attacker, by the name under which it is launched. */
export const PROGRAMS: Readonly<Record<string, AttackerProgram>> = {
  bouncer,
  eavesdropper,
  guesser,
  'path-cutter': pathCutter,
  'poll-replayer': pollReplayer,
  'port-thief': portThief,
  redirector,
  'rogue-updater': rogueUpdater,
  'start-spoofer': startSpoofer,
  'stolen-device': stolenDevice,
  'stolen-intermediary': stolenIntermediary,
  tamperer,
};
