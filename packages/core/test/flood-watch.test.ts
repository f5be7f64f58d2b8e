import { expect, test } from '@jest/globals';
import { type Flood, FloodWatch, Minutes, Seconds } from '@postern/core';
import { VirtualClock } from '@postern/core/testing';

const watch = () => {
  const clock = new VirtualClock();
  const ended: Flood[] = [];
  return { clock, ended, floods: new FloodWatch(clock, (flood) => ended.push(flood)) };
};

test('a flood is told of once, when it is over, with what was refused of it', async () => {
  const { clock, ended, floods } = watch();
  expect([floods.refused('a'), floods.refused('a'), floods.refused('b')]).toEqual([true, false, true]);
  await clock.advance(Seconds(50));
  floods.refused('a');
  await clock.advance(Seconds(50));
  expect(ended).toEqual([{ key: 'b', refused: 1 }]);
  await clock.advance(Seconds(10));
  expect(ended).toEqual([
    { key: 'b', refused: 1 },
    { key: 'a', refused: 3 },
  ]);
  expect(floods.refused('a')).toBe(true);
});

test('one that does not end is told of after a quarter of an hour, and anew after that', async () => {
  const { clock, ended, floods } = watch();
  for (let seconds = 0; seconds < 1_000; seconds += 10) {
    floods.refused('a');
    await clock.advance(Seconds(10));
  }
  expect(ended).toHaveLength(1);
  await clock.advance(Minutes(1));
  expect(ended.reduce((sum, { refused }) => sum + refused, 0)).toBe(100);
});

test('many at once are told apart up to a limit; what goes on at the end is told of then', () => {
  const { clock, ended, floods } = watch();
  for (let key = 0; key < 1_010; key++) floods.refused(`k-${key}`);
  floods.close();
  expect(ended).toHaveLength(1_001);
  expect(ended.at(-1)).toEqual({ key: 'others', refused: 10 });
  expect(clock.pending).toBe(0);
});
