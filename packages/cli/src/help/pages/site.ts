import type { Manuals } from '../manual.ts';

/** What is done at the intermediary of this machine. */
export const sitePages: Manuals = {
  'site status': {
    examples: [['postern site status --data-dir data/site-a', 'name, uplink, devices, open updates']],
    seeAlso: ['doctor'],
  },
  'site devices': { examples: [['postern site devices', 'what belongs to the site']] },
  'site connections': { examples: [['postern site connections', 'also what was found and not adopted']] },
  'site search': {
    examples: [
      ['postern site search', 'listens for three seconds'],
      [
        'postern site search --range 192.0.2.0/24 --adopt',
        'asks addresses, and adopts who proves to be a device',
      ],
    ],
    seeAlso: ['site adopt'],
  },
  'site adopt': {
    examples: [
      ['postern site adopt printer-3', 'one that was found or released'],
      ['postern site adopt printer-3 192.0.2.7 9444', 'the one that listens there'],
    ],
    seeAlso: ['site search', 'site release'],
  },
  'site release': { examples: [['postern site release printer-3', 'gives it up']], seeAlso: ['site adopt'] },
  'site logs': {
    examples: [['postern site logs printer-1 --level warn', 'what a device warned of']],
  },
  'site polling': {
    examples: [['postern site polling --hold 0 --interval 300', 'polls every five minutes']],
  },
  'site files pull': {
    examples: [['postern site files pull printer-1 report.txt --out copy.txt', 'reads a file']],
  },
  'site files push': { examples: [['postern site files push printer-1 settings.ini', 'writes a file']] },
  'site software list': { examples: [['postern site software list', 'what orders at the site can install']] },
  'site software remove': { examples: [['postern site software remove firmware', 'takes it off the shelf']] },
  'site order': {
    examples: [
      ['postern site order --device printer-1 --watch', 'the newest on the shelf, followed to its end'],
    ],
    exitCodes: [
      ['0', 'ordered; with --watch: verified, or not required'],
      ['1', 'refused; with --watch: failed'],
      ['2', 'used wrongly'],
      ['130', 'interrupted; the update goes on'],
    ],
    seeAlso: ['site updates', 'software import'],
  },
  'site updates': {
    examples: [
      ['postern site updates', 'the newest 100'],
      ['postern site updates 5f0c --watch', 'one of them, followed to its end'],
    ],
  },
  'site cancel': { examples: [['postern site cancel 5f0c', 'calls it off, unless it is too late']] },
  'site schedule': {
    examples: [
      ['postern site schedule', 'what is done by itself, and when next'],
      [
        "postern site schedule --read-counters '0 3 * * *' --check-versions PT6H",
        'all that is to be done from now on',
      ],
    ],
    seeAlso: ['docs/operations.md'],
  },
};
