import { expect, it } from '@jest/globals';
import { Recorder } from '../../src/capture/index.ts';

it('counts everything and keeps a bounded part', () => {
  const recorder = new Recorder();
  for (let line = 0; line < 3_000; line += 1) recorder.controlLine('client', `NOOP ${line}`);
  const transfer = recorder.transfer('up', 'STOR image.bin');
  for (let piece = 0; piece < 40; piece += 1) transfer.add(Buffer.alloc(64 * 1_024));
  for (let other = 0; other < 100; other += 1) recorder.transfer('down', 'LIST');
  const { control, data } = recorder.look();
  expect(control).toHaveLength(2_000);
  expect(control[0]).toBe('> NOOP 0');
  expect(data).toHaveLength(64);
  expect(data[0]?.total).toBe(40 * 64 * 1_024);
  expect(data[0]?.bytes).toHaveLength(1_024 * 1_024);
});
