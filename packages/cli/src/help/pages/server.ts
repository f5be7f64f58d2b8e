import type { Manuals } from '../manual.ts';

const FOLLOWED = [
  ['0', 'verified, or not required'],
  ['1', 'refused, failed, cancelled or expired'],
  ['2', 'used wrongly'],
  ['130', 'interrupted; the update goes on'],
] as const;

/** What operators ask of the management server. They presume POSTERN_SERVER_URL, POSTERN_TOKEN_FILE and POSTERN_CA_FILE. */
export const serverPages: Manuals = {
  'software push': {
    examples: [['postern software push firmware --to site-a --wait', 'the newest release, before any order']],
    seeAlso: ['site order', 'software list'],
  },
  'software trust': {
    examples: [['postern software trust rotation.json', 'follows a key rotation']],
    seeAlso: ['software rotate-keys'],
  },
  'software keys': { examples: [['postern software keys', 'whose software is taken']] },
  'software add': {
    examples: [
      ['postern software add --manifest release.json --image release.img', 'uploads and registers a release'],
    ],
    seeAlso: ['software sign', 'update order'],
  },
  'software list': { examples: [['postern software list --json', 'registered software']] },
  'update order': {
    examples: [
      [
        'postern update order --device printer-1 --software firmware --watch',
        'the newest release, followed to its end',
      ],
      [
        'postern update order --device printer-1 --software firmware@2.0.0 --bulk-path sftp',
        'one version, encrypted',
      ],
    ],
    exitCodes: [
      ['0', 'ordered; with --watch: verified, or not required'],
      ['1', 'refused; with --watch: failed, cancelled or expired'],
      ['2', 'used wrongly'],
      ['130', 'interrupted; the update goes on'],
    ],
    seeAlso: ['update watch', 'software list', 'docs/schemes.md'],
  },
  'update watch': {
    examples: [['postern update watch 5f0c', 'follows an update, also one that has ended']],
    exitCodes: FOLLOWED,
    seeAlso: ['update show'],
  },
  'update show': { examples: [['postern update show 5f0c', 'state, result and journal']] },
  'update list': { examples: [['postern update list --json', 'the newest 100 updates']] },
  'update cancel': { examples: [['postern update cancel 5f0c', 'its intermediary is asked to give it up']] },
  'update devices': {
    examples: [['postern update devices', 'what can be updated']],
    seeAlso: ['fleet list'],
  },
  'fleet list': {
    examples: [
      ['postern fleet list', 'all devices, with where they are and what they run'],
      ['postern fleet list --site site-a --model "Postern MFP-100" --json', 'some of them, for a script'],
      ['postern fleet list --sites', 'intermediaries, and when each called last'],
    ],
    seeAlso: ['fleet show', 'request get-device-information'],
  },
  'fleet show': {
    examples: [['postern fleet show printer-1', 'one device with its latest counters']],
    seeAlso: ['request get-counters'],
  },
  'request list': { examples: [['postern request list --state waiting', 'what no site has fetched yet']] },
  'request show': { examples: [['postern request show 5f0c', 'an order with all answers, or one request']] },
  'request withdraw': { examples: [['postern request withdraw 5f0c', 'calls off what no site has taken']] },
  'notice list': {
    examples: [['postern notice list --open', 'calls that wait for an answer']],
    seeAlso: ['notice answer'],
  },
  'notice show': { examples: [['postern notice show 17', 'one notice with all of its content']] },
  'notice answer': {
    examples: [["postern notice answer 17 'Paper is on its way'", 'the text goes to the panel']],
    seeAlso: ['notice list'],
  },
  'notice watch': {
    examples: [['postern notice watch --json', 'what comes up, one object a line, until interrupted']],
  },
};
