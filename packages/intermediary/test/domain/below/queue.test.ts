import { describe, expect, test } from '@jest/globals';
import type { uplink } from '@postern/contracts';
import { Hours, Minutes, Seconds } from '@postern/core';
import { temporaryDirectory } from '../../support/directory.ts';
import { NodeAbove, startBelow } from '../../support/site-below.ts';

const start = async (options: Partial<Parameters<typeof startBelow>[0]> = {}) =>
  startBelow({ directory: await temporaryDirectory(), ...options });

/** Which notice it is, or what it says of the intermediary. */
const named = ({ body }: uplink.Deliver): string => {
  if (body.kind === 'NotifySupply') return body.value.noticeId;
  return body.kind === 'NotifyAbnormality' ? `${body.value.code}: ${body.value.text}` : body.kind;
};

const generous = { notices: { burst: 1_000, interval: 1, mostWaiting: 3 } };

/** @spec R3 X6 */
test('after hours without an uplink, and a restart, what was dropped is told of first, then the rest in order', async () => {
  const directory = await temporaryDirectory();
  const above = new NodeAbove();
  above.down = true;
  const first = await startBelow({ directory, above, config: generous });
  for (const id of ['n-1', 'n-2', 'n-3', 'n-4']) first.supply(id);
  await first.pass(Hours(2));
  await first.kill();
  const second = await startBelow({ directory, above, config: generous, clock: first.clock });
  second.supply('n-5');
  await second.pass(Hours(2));
  expect(above.delivered).toEqual([]);
  above.down = false;
  await second.pass(Minutes(3));
  const [report, ...rest] = above.delivered.map(named);
  expect(report).toMatch(
    /^deliveries-dropped: Given up since .+T.+Z because the node above took nothing: 2 NotifySupply$/,
  );
  expect(rest).toEqual(['n-3', 'n-4', 'n-5']);
  expect(above.delivered[0]).toMatchObject({ deviceId: 'site-a', route: { node: ['site-a'] } });
  expect(second.stores.deliveries.getDropped()).toEqual([]);
});

/** @spec R3 */
test('one that is refused for good is given up after the others, counted and told of', async () => {
  const { supply, pass, above, stores } = await start();
  above.answer = (delivery) => (named(delivery) === 'n-1' ? { refused: 'delivery-refused' } : 'succeeded');
  for (const id of ['n-1', 'n-2', 'n-3']) supply(id);
  await pass(Minutes(5));
  const order = above.delivered.map(named);
  expect(order.slice(0, 3)).toEqual(['n-1', 'n-2', 'n-3']);
  expect(order.filter((name) => name === 'n-1')).toHaveLength(5);
  expect(order.at(-1)).toMatch(/^deliveries-dropped: .*: 1 NotifySupply$/);
  expect(stores.deliveries.count()).toBe(0);
});

test('what is refused for coming too fast waits, and is not given up', async () => {
  const { supply, pass, above } = await start();
  let busy = true;
  above.answer = (delivery) => (busy && named(delivery) !== 'n-2' ? { refused: 'server-busy' } : 'succeeded');
  for (const id of ['n-1', 'n-2', 'n-3']) supply(id);
  await pass(Minutes(20));
  busy = false;
  const before = above.delivered.length;
  await pass(Minutes(3));
  expect(above.delivered.slice(0, before).map(named)).toContain('n-2');
  expect(above.delivered.slice(before).map(named).sort()).toEqual(['n-1', 'n-3']);
});

test('a call that was given up is answered as failed at once', async () => {
  const { call, supply, pass, above, steps } = await start({ config: generous });
  above.down = true;
  await pass(Seconds(1));
  const answer = call('call-1');
  for (const id of ['n-1', 'n-2', 'n-3']) supply(id);
  await pass(Seconds(1));
  expect(await answer).toMatchObject({ outcome: 'failed' });
  expect(steps.at(-1)).toBe('S709 call-1');
});

test('many a second go up, each once', async () => {
  const { supply, pass, above } = await start({ config: { notices: { burst: 1_000 } } });
  await pass(Seconds(1));
  const ids = Array.from({ length: 200 }, (_, index) => `n-${index}`);
  for (const id of ids) supply(id);
  await pass(Seconds(1));
  expect(above.delivered.map(named)).toEqual(ids);
});

describe('a device that floods', () => {
  /** @spec R3 */
  test('is refused by its identity, counted and told of once; others are heard', async () => {
    const { supply, pass, above } = await start({ config: { notices: { burst: 5, interval: 60 } } });
    await pass(Seconds(1));
    const codes = Array.from({ length: 30 }, (_, index) => {
      try {
        return supply(`n-${index}`).outcome;
      } catch (error) {
        return (error as { code: string }).code;
      }
    });
    expect(codes.filter((code) => code === 'succeeded')).toHaveLength(5);
    expect(codes.filter((code) => code === 'too-many-notices')).toHaveLength(25);
    expect(supply('n-1', 'mfp-2').outcome).toBe('succeeded');
    await pass(Minutes(10));
    expect(above.delivered.map(named).slice(5)).toEqual([
      'n-1',
      'notices-refused: 25 calls and notices of mfp-1 were refused: too many',
    ]);
  });
});

test('a device that registers for the first time is told of', async () => {
  const { below, stores, pass, above } = await start();
  const registered = stores.devices.get('mfp-1');
  if (registered === undefined) throw new TypeError('mfp-1 is registered');
  below.onRegistered(registered, undefined);
  below.onRegistered(registered, registered);
  await pass(Seconds(5));
  expect(above.delivered).toMatchObject([
    { deviceId: 'mfp-1', body: { kind: 'Register', value: { device: { deviceId: 'mfp-1' } } } },
  ]);
});
