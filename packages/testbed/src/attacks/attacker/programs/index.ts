import type { AttackerProgram } from '../program.ts';

/** Every kind of attacker, by the name under which it is launched. A process loads its own only: most need no SOAP and no TLS. */
export const PROGRAMS: Readonly<Record<string, () => Promise<AttackerProgram>>> = {
  bouncer: async () => (await import('./bouncer.ts')).bouncer,
  eavesdropper: async () => (await import('./eavesdropper.ts')).eavesdropper,
  guesser: async () => (await import('./guesser.ts')).guesser,
  'path-cutter': async () => (await import('./path-cutter.ts')).pathCutter,
  'poll-replayer': async () => (await import('./poll-replayer.ts')).pollReplayer,
  'port-thief': async () => (await import('./port-thief.ts')).portThief,
  redirector: async () => (await import('./redirector.ts')).redirector,
  'rogue-updater': async () => (await import('./rogue-updater.ts')).rogueUpdater,
  'start-spoofer': async () => (await import('./start-spoofer.ts')).startSpoofer,
  'stolen-device': async () => (await import('./stolen-device.ts')).stolenDevice,
  'stolen-intermediary': async () => (await import('./stolen-intermediary.ts')).stolenIntermediary,
  tamperer: async () => (await import('./tamperer.ts')).tamperer,
};
