import { beforeAll, expect, test } from '@jest/globals';
import { allowedCells, type Cell } from './cells.ts';
import { expectedOutcome, stepsMissing } from './expected-outcome.ts';
import { panelOrders } from './orderers.ts';
import { chosenCells } from './pairwise.ts';
import { type CellResult, runCells } from './run-cells.ts';
import { OPENING_TIME, openSchemeSite } from './scheme-site.ts';

const CELLS = chosenCells(allowedCells('panel'));
let resultOf: (cell: Cell) => Promise<CellResult>;

beforeAll(async () => {
  resultOf = runCells(await openSchemeSite(), CELLS, panelOrders());
}, OPENING_TIME);

/** @spec U16 U17 I5 U11 U12 U18 A1 A3 B1 B2 B3 */
test.each(CELLS)('ordered at the panel: $name', async (cell) => {
  const { version, outcome } = await resultOf(cell);
  expect(outcome).toEqual(expectedOutcome(cell.scheme, version));
  expect(stepsMissing(cell.scheme, outcome.steps)).toEqual([]);
});
