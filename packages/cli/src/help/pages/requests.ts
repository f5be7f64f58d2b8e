import { REMOTE_REQUEST_KINDS, REQUEST_TRAITS, type RemoteRequestKind } from '@postern/contracts';
import { toKebab } from '../../requests/request-arguments.ts';
import type { Manual, Manuals } from '../manual.ts';

/** What follows the name of the node that is asked. */
const EXAMPLES: Readonly<Record<RemoteRequestKind, readonly [operands: string, does: string]>> = {
  GetDeviceInformation: ['', 'what it says of itself'],
  GetCounters: ['names=copied-pages,faxed-pages', 'two of its counters; all without names'],
  GetParameters: ['names=location', 'one of its parameters; all without names'],
  SetParameters: ["location='2nd floor'", 'sets one parameter'],
  ExecuteCommand: ['command=restart', 'restarts it'],
  CollectLogs: ['--since 2026-01-01T00:00:00Z --minimum-level warn', 'what it warned of since then'],
  ShowResult: ["in-reply-to=c-1 outcome=succeeded text='Paper is on its way'", 'a text on its panel'],
  ConfirmAlive: ['', 'since when it runs, and what it does'],
  SetPolling: ['hold-seconds=0 interval-seconds=300', 'polls every five minutes'],
  Activate: ['active=true', 'adopts it; active=false releases it'],
  SearchDevices: ['method=dns-sd', 'listens to who announces himself'],
  SetSchedule: [
    "entry='read-counters,0 3 * * *'",
    'reads all counters at three each night, and nothing else',
  ],
  GetApplications: ['', 'its applications'],
  SetApplication: ['name=scanner state=stopped', 'stops one of them'],
  ListFiles: ['', 'its files'],
  ReadFile: ['name=report.txt', 'the first part of a file'],
  WriteFile: [
    '--help',
    'shows the arguments; files of any length go by `--file` of `request`, or by `site files push`',
  ],
  DeleteFile: ['name=report.txt', 'deletes a file'],
  GetConnections: ['', 'its devices, and what it has found'],
};

const nodeOf = (kind: RemoteRequestKind): string =>
  REQUEST_TRAITS[kind].addressee === 'intermediary' ? 'site-a' : 'printer-1';

const line = (...words: readonly string[]): string => words.filter((word) => word !== '').join(' ');

const asked = (kind: RemoteRequestKind): Manual => {
  const [operands, does] = EXAMPLES[kind];
  const command = `postern request ${toKebab(kind)}`;
  const more: Manual['examples'] =
    kind === 'WriteFile'
      ? [[`${command} ${nodeOf(kind)} --file settings.ini`, 'writes a file of this machine, part by part']]
      : [[line(command, nodeOf(kind), operands), does]];
  const whole: Manual['examples'] =
    kind === 'ReadFile'
      ? [[`${command} printer-1 name=report.txt --out report.txt`, 'the whole file, checked by its digest']]
      : [];
  const many: Manual['examples'] =
    kind === 'GetCounters' ? [[`${command} --all-of site-a --json`, 'of all devices of a site']] : [];
  return {
    examples: [...more, ...whole, ...many],
    exitCodes: [
      ['0', 'every target has answered; with --no-wait: ordered'],
      ['1', 'refused, or one has not answered'],
      ['2', 'used wrongly'],
      ['130', 'interrupted; the requests go on: postern request show'],
    ],
    seeAlso: ['request show', 'docs/rest-api.md'],
  };
};

const askedOnTheSpot = (kind: RemoteRequestKind): Manual => {
  const [operands, does] = EXAMPLES[kind];
  const device = REQUEST_TRAITS[kind].addressee === 'intermediary' ? '' : 'printer-1';
  const command = `postern site request ${toKebab(kind)}`;
  return kind === 'WriteFile'
    ? { examples: [[`${command} --help`, 'its arguments']], seeAlso: ['site files push'] }
    : { examples: [[line(command, device, operands), does]], seeAlso: [`request ${toKebab(kind)}`] };
};

/** Requests, asked by way of the server and on the spot. */
export const requestPages: Manuals = Object.fromEntries(
  REMOTE_REQUEST_KINDS.flatMap((kind): [string, Manual][] => [
    [`request ${toKebab(kind)}`, asked(kind)],
    [`site request ${toKebab(kind)}`, askedOnTheSpot(kind)],
  ]),
);
