import type { LanPlan } from '@postern/testbed';

/** Where the device is that the demo updates. */
export const FIRST_SITE = 'site-a';
/** The device that the demo updates. */
export const FIRST_DEVICE = 'printer-1';

const FACTORY = { version: '1.0.0', releaseCounter: 1, content: Buffer.from('factory firmware\n') };

const device = (id: string, profile?: string) => ({
  id,
  firmware: FACTORY,
  ...(profile === undefined ? {} : { profile }),
});

/** The sites of Fig 1. */
export const SITE_LETTERS = ['a', 'b', 'c'] as const;
export type SiteLetter = (typeof SITE_LETTERS)[number];

const SITES: Readonly<Record<SiteLetter, (printers: number) => LanPlan>> = {
  a: (printers) => ({
    name: FIRST_SITE,
    devices: Array.from({ length: printers }, (_, at) => device(`printer-${at + 1}`)),
  }),
  b: () => ({
    name: 'site-b',
    devices: [device('vending-machine-1', 'vending-machine'), device('refrigerator-1', 'refrigerator')],
    below: [
      {
        name: 'site-b-cellar',
        devices: [device('meter-1', 'utility-meter'), device('air-conditioner-1', 'air-conditioner')],
      },
    ],
  }),
  c: () => ({
    name: 'car-1-function',
    carrier: 'car-1',
    devices: [device('car-1', 'automobile'), device('television-1', 'television')],
  }),
};

/**
 * The sites of the demo: A, where the first update goes, always; B is a cascade of two intermediaries; C a car that has
 * the intermediary built in, with a television on board.
 */
export const demoSites = (letters: readonly SiteLetter[], printers: number): readonly LanPlan[] =>
  SITE_LETTERS.filter((letter) => letter === 'a' || letters.includes(letter)).map((letter) =>
    SITES[letter](printers),
  );
