import type { Writable } from 'node:stream';
import type { WireFoundDevice, WireSearchEvent } from '@postern/intermediary/operation';
import { table } from './print.ts';

type Event = Exclude<WireSearchEvent, { type: 'failed' }>;
type Result = Extract<Event, { type: 'finished' }>['result'];
type Progress = Extract<Event, { type: 'progress' }>['progress'];

/**
 * Shows a search as it happens: on a terminal with one progress line that is overwritten, in a file its result only, with
 * `--json` one object a line, the last of them `{"event":"search-finished",…}`.
 */
export const createSearchPrinter = (
  output: Writable & { readonly isTTY?: boolean },
  options: { readonly json?: boolean },
): ((event: Event) => void) => {
  if (options.json) return jsonPrinter(output);
  let progressShown = false;
  return (event) => {
    if (event.type === 'progress') {
      if (output.isTTY !== true) return;
      output.write(`\r\u001b[K${progressLine(event.progress)}`);
      progressShown = true;
      return;
    }
    const lines = resultLines(event.result).join('\n');
    output.write(`${progressShown ? '\r\u001b[K' : ''}${lines}\n`);
  };
};

const jsonPrinter =
  (output: Writable) =>
  (event: Event): void => {
    const shown =
      event.type === 'progress'
        ? { event: 'progress', ...event.progress }
        : { event: 'search-finished', ...event.result };
    output.write(`${JSON.stringify(shown)}\n`);
  };

const progressLine = ({ asked, places, found }: Progress): string =>
  `Asked at ${asked} of ${places} places, ${found} devices found`;

const resultLines = (result: Result): readonly string[] => {
  const { devices, refused, complete } = result;
  const rows = devices.map(({ id, model, address, port, standing }) => [
    id,
    model,
    `${address} port ${port}`,
    MEANINGS[standing],
  ]);
  return [
    ...(devices.length === 0 ? [] : table([['ID', 'MODEL', 'AT', ''], ...rows])),
    progressLine(result),
    ...Object.entries(refused).map(([code, times]) => `Refused: ${times} × ${code}`),
    ...(complete ? [] : ['The time was over before all places were asked']),
  ];
};

const MEANINGS: Readonly<Record<WireFoundDevice['standing'], string>> = {
  active: 'a device of the site',
  found: 'waits to be adopted',
  released: 'released; waits to be adopted again',
  unknown: '',
};
