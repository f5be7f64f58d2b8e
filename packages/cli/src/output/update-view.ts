import type { BulkPathKind, StepDirection, StepOutcome, StepPath } from '@postern/software-update';
import { formatBytes } from './print.ts';

/** One journal line as it is shown. */
export interface ShownStep {
  readonly step: string;
  readonly title: string | null;
  readonly path: StepPath;
  readonly direction: StepDirection;
  readonly outcome: StepOutcome;
  readonly code?: string | null;
  readonly detail?: string | null;
}

/** Bytes of the transfer under way. */
export interface ShownProgress {
  readonly doneBytes: number;
  readonly totalBytes: number;
  readonly bytesPerSecond?: number | undefined;
}

const LABELS: Readonly<Record<Exclude<StepPath, 'bulk'>, string>> = {
  uplink: 'uplink  TLS',
  secure: 'secure  TLS',
  notice: 'notice plain',
  local: 'local',
};

const BULK_LABELS: Readonly<Record<BulkPathKind, string>> = {
  ftp: 'bulk  plain',
  'ftps-explicit': 'bulk  TLS',
  'ftps-implicit': 'bulk  TLS',
  sftp: 'bulk  SSH',
};

const ARROWS: Readonly<Record<StepDirection, string>> = {
  'to-device': '→ device',
  'from-device': '← device',
  'to-server': '→ server',
  'from-server': '← server',
  inside: '',
};

const MARKS: Readonly<Record<StepOutcome, string>> = { started: '…', done: '✓', failed: '✗' };

/** Colours for a terminal; identity functions for plain output. */
export interface Palette {
  readonly secure: (text: string) => string;
  readonly plain: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly good: (text: string) => string;
}

const paint = (code: number) => (text: string) => `\u001b[${code}m${text}\u001b[0m`;
const same = (text: string): string => text;

export const palette = (coloured: boolean): Palette =>
  coloured
    ? { secure: paint(32), plain: paint(33), faint: paint(2), bad: paint(31), good: paint(1) }
    : { secure: same, plain: same, faint: same, bad: same, good: same };

/**
 * A journal line for people: number, path (encrypted or plain), direction, what, outcome.
 *
 * @param bulkPathKind of the device
 */
export const stepLine = (shown: ShownStep, colours: Palette, bulkPathKind: BulkPathKind = 'ftp'): string => {
  const encrypted = shown.path === 'bulk' ? bulkPathKind !== 'ftp' : shown.path !== 'notice';
  const onPath = shown.path === 'local' ? colours.faint : encrypted ? colours.secure : colours.plain;
  const label = shown.path === 'bulk' ? BULK_LABELS[bulkPathKind] : LABELS[shown.path];
  const columns = [
    `  ${MARKS[shown.outcome]} ${shown.step.padEnd(5)}`,
    onPath(label.padEnd(12)),
    onPath(ARROWS[shown.direction].padEnd(8)),
    shown.title ?? '',
  ];
  const failure = shown.code == null ? '' : ` ${colours.bad(shown.code)}`;
  const detail = shown.detail == null ? '' : colours.faint(` — ${shown.detail}`);
  return `${columns.join('  ')}${failure}${detail}`;
};

/** `  37 %  2.1 MiB of 5.6 MiB  1.2 MiB/s` */
export const progressLine = ({ doneBytes, totalBytes, bytesPerSecond }: ShownProgress): string => {
  const percent = totalBytes === 0 ? 100 : Math.floor((doneBytes / totalBytes) * 100);
  const rate = bytesPerSecond === undefined ? '' : `  ${formatBytes(bytesPerSecond)}/s`;
  return `    ${`${percent}`.padStart(3)} %  ${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}${rate}`;
};
