import { beforeAll, expect, test } from '@jest/globals';
import { allowedCells, type Cell, DEVICE_KINDS } from './cells.ts';
import { expectedOutcome, stepsMissing } from './expected-outcome.ts';
import { operationPortOrders } from './orderers.ts';
import { chosenCells } from './pairwise.ts';
import { type CellResult, runCells } from './run-cells.ts';
import { devicesOfEveryKind, OPENING_TIME, openSchemeSite } from './scheme-site.ts';

/** That some devices take plain requests makes no difference between this and an order of the server. */
const KINDS = DEVICE_KINDS.filter(({ plain }) => !plain);
const CELLS = chosenCells(allowedCells('operation-port', KINDS));
let resultOf: (cell: Cell) => Promise<CellResult>;

beforeAll(async () => {
  resultOf = runCells(await openSchemeSite(devicesOfEveryKind(KINDS)), CELLS, operationPortOrders());
}, OPENING_TIME);

/** @spec I4 I5 U11 U12 U15 U18 A1 A2 A3 B1 B2 B3 */
test.each(CELLS)('ordered at the operation port: $name', async (cell) => {
  const { version, outcome } = await resultOf(cell);
  expect(outcome).toEqual(expectedOutcome(cell.scheme, version));
  expect(stepsMissing(cell.scheme, outcome.steps)).toEqual([]);
});
