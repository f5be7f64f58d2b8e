import type { Writable } from 'node:stream';
import type { BulkPathKind } from '@postern/software-update';
import { palette, progressLine, type ShownProgress, type ShownStep, stepLine } from './update-view.ts';

/** Shows an update as it happens. */
export interface UpdatePrinter {
  /** A headline of the demo or a remark. */
  line(text: string, event: object): void;
  step(step: ShownStep): void;
  progress(progress: ShownProgress): void;
}

/** A terminal gets colours and one progress line that is overwritten; a file gets plain lines; `--json` one object a line. */
export const createUpdatePrinter = (
  output: Writable & { readonly isTTY?: boolean },
  options: { readonly json?: boolean; readonly bulkPathKind?: BulkPathKind | undefined },
): UpdatePrinter => {
  if (options.json) return jsonPrinter(output);
  const terminal = output.isTTY === true;
  const colours = palette(terminal && process.env['NO_COLOR'] === undefined);
  let progressShown = false;
  let lastQuarter = -1;

  const write = (text: string): void => {
    output.write(`${progressShown ? '\r\u001b[K' : ''}${text}\n`);
    progressShown = false;
  };

  return {
    line: (text) => write(text),
    step: (step) => {
      // Half the lines are beginnings whose ends follow at once; only `--json` and the journal show them.
      if (step.outcome !== 'started') write(stepLine(step, colours, options.bulkPathKind));
    },
    progress: (progress) => {
      if (terminal) {
        output.write(`\r\u001b[K${progressLine(progress)}`);
        progressShown = true;
        return;
      }
      // Plain output: a line for each quarter is enough.
      const quarter = Math.floor((progress.doneBytes / Math.max(progress.totalBytes, 1)) * 4);
      if (quarter === lastQuarter) return;
      lastQuarter = quarter;
      write(progressLine(progress));
    },
  };
};

const jsonPrinter = (output: Writable): UpdatePrinter => {
  const print = (event: object): void => {
    output.write(`${JSON.stringify(event)}\n`);
  };
  return {
    line: (_text, event) => print(event),
    step: (step) => print({ event: 'step', ...step }),
    progress: (progress) => print({ event: 'progress', ...progress }),
  };
};
