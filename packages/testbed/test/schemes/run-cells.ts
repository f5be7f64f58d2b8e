import type { Site } from '@postern/testbed';
import { type Cell, type Choices, choicesOf } from './cells.ts';
import type { Outcome } from './expected-outcome.ts';
import { releaseNumber } from './scheme-site.ts';

/** How updates are ordered by one of those who may. */
export interface Orderer {
  /** Makes the site ready for cells of these choices, which install the nth release. */
  readonly prepare: (site: Site, choices: Choices, number: number) => Promise<void>;
  /** Orders the update of a cell and waits for its end. @returns its identifier, known to the server */
  readonly update: (site: Site, cell: Cell) => Promise<string>;
}

export interface CellResult {
  readonly version: string;
  readonly outcome: Outcome;
}

/** Cells by the choices they have in common, in order. */
const byChoices = (cells: readonly Cell[]): readonly (readonly Cell[])[] => {
  const groups = new Map<string, Cell[]>();
  for (const cell of cells) {
    const key = Object.values(choicesOf(cell.scheme)).join(' ');
    groups.set(key, [...(groups.get(key) ?? []), cell]);
  }
  return [...groups.values()];
};

/**
 * Runs all cells: choice by choice, and there all devices at the same time. Each cell brings its device one release
 * further.
 *
 * @returns gives the result of a cell; rejects when it came to none
 */
export const runCells = (
  site: Site,
  cells: readonly Cell[],
  orderer: Orderer,
): ((cell: Cell) => Promise<CellResult>) => {
  const results = new Map<Cell, Promise<CellResult>>();
  let before: Promise<unknown> = Promise.resolve();
  for (const [number, group] of byChoices(cells).entries()) {
    const { version } = releaseNumber(number);
    const [first] = group;
    if (first === undefined) continue;
    const prepared = before.then(() => orderer.prepare(site, choicesOf(first.scheme), number));
    const running = group.map((cell) => {
      const result = prepared
        .then(() => orderer.update(site, cell))
        .then(async (id) => ({ version, outcome: await outcomeOf(site, cell, id) }));
      results.set(cell, result);
      return result;
    });
    // One that fails is told by its own test.
    before = Promise.allSettled(running);
  }
  return async (cell) => {
    const result = results.get(cell);
    if (result === undefined) throw new TypeError(`${cell.name} does not run`);
    return result;
  };
};

/** What became of an update, as the server and the device tell it. */
export const outcomeOf = async (
  site: Site,
  { deviceId }: Pick<Cell, 'deviceId'>,
  id: string,
): Promise<Outcome> => {
  const { client } = site.operator;
  const [update, journal] = await Promise.all([client.update(id), client.journal(id)]);
  return {
    state: update.state,
    failure: update.failure?.code ?? null,
    credential: update.credential,
    orderedBy: update.orderedBy,
    assurance: update.assurance,
    gaps: (update.gaps ?? []).map(({ gap }) => gap),
    reported: update.reported.map(({ version }) => version).join(' '),
    runs: site.device(deviceId).versions['firmware'] ?? '',
    steps: journal.filter(({ outcome }) => outcome === 'done').map(({ step }) => step),
    failed: journal.filter(({ outcome }) => outcome === 'failed').map(({ step, code }) => `${step} ${code}`),
  };
};
