import { expect, test } from '@jest/globals';
import { withoutOutdatedList } from '@postern/soap-rpc';

const poll = { sessionId: 's', holdSeconds: 0, capacity: 1 };

test.each([
  ['older changes', false, 4, false],
  ['the same again', false, 5, true],
  ['newer changes', false, 6, true],
  ['a whole list that begins anew', true, 1, true],
] as const)('%s (complete: %s, revision %s of 5)', (_, complete, revision, taken) => {
  const told = { ...poll, devices: { revision, complete, device: [] } };
  expect(withoutOutdatedList(told, 5)).toEqual(taken ? told : poll);
});
