import { describe, expect, test } from '@jest/globals';
import { PosternError, Seconds } from '@postern/core';
import { memoryLogger, seededEntropy, VirtualClock } from '@postern/core/testing';
import { announce } from '../src/announce.ts';

const context = () => ({ clock: new VirtualClock(), entropy: seededEntropy(1), logger: memoryLogger() });

/** @spec U6 */
describe('announcing', () => {
  test('repeats with growing pauses until the notice is accepted', async () => {
    const { clock, ...rest } = context();
    const times: number[] = [];
    const done = announce('The notice', { clock, ...rest }, new AbortController().signal, async () => {
      times.push(clock.monotonic());
      if (times.length < 5) throw new PosternError('unreachable', 'Nobody there');
    });
    while (await clock.advanceToNext());
    expect(await done).toBe(true);
    const pauses = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    for (const [index, pause] of pauses.entries()) {
      expect(pause).toBeGreaterThanOrEqual(Seconds(0.5 * 2 ** index));
      expect(pause).toBeLessThanOrEqual(Seconds(2 ** index));
    }
    expect(rest.logger.lines.map(({ fields }) => fields['failures'])).toEqual([1, 2, 3, 4]);
  });

  test('ends at once when the device goes down', async () => {
    const { clock, ...rest } = context();
    const down = new AbortController();
    const done = announce('The notice', { clock, ...rest }, down.signal, async () => {
      throw new PosternError('unreachable', 'Nobody there');
    });
    await clock.advance(Seconds(10));
    down.abort();
    expect(await done).toBe(false);
    expect(clock.pending).toBe(0);
  });
});
