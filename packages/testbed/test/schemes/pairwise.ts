import type { Cell } from './cells.ts';

/** Set: every cell is run; else so many that each two choices meet in one of them. */
const EVERY_CELL = process.env['EVERY_CELL'] === '1';

/**
 * The cells that a test runs. All of them take minutes; `.ci/run` takes that time, `npm test` sees each pair of
 * choices at least once.
 */
export const chosenCells = (cells: readonly Cell[]): readonly Cell[] =>
  EVERY_CELL ? cells : coveringPairs(cells);

/** As few cells as a greedy choice finds, in which each pair of choices stands that stands in any cell. */
export const coveringPairs = (cells: readonly Cell[]): readonly Cell[] => {
  const open = new Set(cells.flatMap(pairsOf));
  const chosen: Cell[] = [];
  while (open.size > 0) {
    const [best] = [...cells].sort((one, other) => gain(other, open) - gain(one, open));
    if (best === undefined) break;
    chosen.push(best);
    for (const pair of pairsOf(best)) open.delete(pair);
  }
  return chosen;
};

const gain = (cell: Cell, open: ReadonlySet<string>): number =>
  pairsOf(cell).filter((pair) => open.has(pair)).length;

/** `eraser=target tls=mutual`: the device's name tells what the scheme does not. */
export const pairsOf = ({ scheme, deviceId }: Cell): readonly string[] => {
  const choices = [...Object.entries(scheme), ['device', deviceId]].map(
    ([name, choice]) => `${name}=${choice}`,
  );
  return choices.flatMap((one, at) => choices.slice(at + 1).map((other) => `${one} ${other}`));
};
