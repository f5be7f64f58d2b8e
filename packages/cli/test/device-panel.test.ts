import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import type { Device, DeviceFleet, PanelOrderResult } from '@postern/device-emulator';
import { type PanelAnswer, servePanels } from '../src/commands/device-panel.ts';

const ACCEPTED: PanelOrderResult = {
  orderId: 'panel-1',
  outcome: 'accepted',
  jobId: 'job-1',
  text: 'Update ordered',
};

/** A fleet of one, which notes how its update key was pressed. */
const prepared = () => {
  const pressed: unknown[] = [];
  const device = {
    id: 'mfp-1',
    panel: ['Ready'],
    orderUpdate: async (options: unknown) => {
      pressed.push(options);
      return ACCEPTED;
    },
    callService: async (options: unknown) => {
      pressed.push(['call', options]);
      return { callId: 'call-1', outcome: 'succeeded', text: 'We come' };
    },
    pressEnergySaver: () => 'saving',
    pressStart: (options: unknown) => {
      pressed.push(['start', options]);
      return { id: 7, kind: 'copy', ended: Promise.resolve('finished') };
    },
    startJob: (options: unknown) => {
      pressed.push(['job', options]);
      return { id: 8, kind: 'print', ended: Promise.resolve('cancelled') };
    },
    cancelJob: (job: number) => job === 7,
    trouble: (what: string) => pressed.push(what),
    mend: () => pressed.push('mend'),
    refill: async (supply: string) => pressed.push(supply),
    powerOff: async () => pressed.push('off'),
    powerOn: async () => pressed.push('on'),
    setFaults: (faults: unknown) => pressed.push(faults),
    view: { id: 'mfp-1' },
  };
  const fleet = {
    devices: new Map([['mfp-1', device as unknown as Device]]),
    close: async () => {},
  } as DeviceFleet;
  const input = new PassThrough();
  const answers: PanelAnswer[] = [];
  let wake: () => void = () => {};
  const panels = servePanels(fleet, input, (answer) => {
    answers.push(answer);
    wake();
  });
  const answered = async (count: number): Promise<readonly PanelAnswer[]> => {
    while (answers.length < count) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return answers;
  };
  return { pressed, input, panels, answered };
};

/** @spec U16 U17 */
describe('panels at standard input', () => {
  test('press the update key, and read the display', async () => {
    const { pressed, input, answered, panels } = prepared();
    input.write('{"command":"order-update","device":"mfp-1"}\n');
    input.write('{"command":"order-update","device":"mfp-1","generator":"target"}\n\n');
    input.write('{"command":"show-panel","device":"mfp-1"}\n');
    expect(await answered(3)).toEqual(
      expect.arrayContaining([
        { event: 'order', device: 'mfp-1', ...ACCEPTED },
        { event: 'panel', device: 'mfp-1', lines: ['Ready'] },
      ]),
    );
    expect(pressed).toEqual([{}, { generator: 'target' }]);
    await panels.close();
    expect(input.destroyed).toBe(true);
  });

  /** @spec R6 D2 D3 */
  test.each([
    [
      { command: 'call-service', reason: 'Noise' },
      { event: 'call', callId: 'call-1', outcome: 'succeeded' },
    ],
    [{ command: 'energy-saver' }, { event: 'energy-saver', result: 'saving' }],
    [
      { command: 'copy', pages: 3 },
      { event: 'job', job: 7, ended: 'finished' },
    ],
    [
      { command: 'start-job', kind: 'print' },
      { event: 'job', job: 8, ended: 'cancelled' },
    ],
    [
      { command: 'cancel-job', job: 7 },
      { event: 'done', command: 'cancel-job' },
    ],
    [
      { command: 'trouble', what: 'paper-jam' },
      { event: 'done', command: 'trouble' },
    ],
    [{ command: 'mend' }, { event: 'done', command: 'mend' }],
    [
      { command: 'refill', supply: 'toner' },
      { event: 'done', command: 'refill' },
    ],
    [{ command: 'show-device' }, { event: 'device-view', view: { id: 'mfp-1' } }],
  ])('press %j', async (command, answer) => {
    const { input, answered, panels } = prepared();
    input.write(`${JSON.stringify({ ...command, device: 'mfp-1' })}\n`);
    expect(await answered(1)).toEqual([expect.objectContaining({ device: 'mfp-1', ...answer })]);
    await panels.close();
  });

  /** What a test harness does to one device of a process. */
  test('take the power, give it, and set faults; each answer bears the reference of its command', async () => {
    const { pressed, input, answered, panels } = prepared();
    const commands = [
      { command: 'power-off' },
      { command: 'power-on' },
      { command: 'faults', faults: { storageBytes: 0, crashAtBootOf: ['2.0.0'] } },
      { command: 'faults', faults: { wings: true } },
    ];
    for (const [ref, command] of commands.entries()) {
      input.write(`${JSON.stringify({ ...command, device: 'mfp-1', ref })}\n`);
    }
    expect(await answered(4)).toEqual(
      expect.arrayContaining([
        { event: 'done', device: 'mfp-1', command: 'power-off', ref: 0 },
        { event: 'done', device: 'mfp-1', command: 'power-on', ref: 1 },
        { event: 'done', device: 'mfp-1', command: 'faults', ref: 2 },
        expect.objectContaining({ event: 'command-refused', code: 'fault-invalid', ref: 3 }),
      ]),
    );
    expect(pressed).toEqual(['off', 'on', { storageBytes: 0, crashAtBootOf: ['2.0.0'] }]);
    await panels.close();
  });

  test.each([
    'not json',
    '{"command":"copy","device":"mfp-1","pages":0}',
    '{"command":"cancel-job","device":"mfp-1","job":9}',
    '{"command":"trouble","device":"mfp-1","what":"fire"}',
    '[]',
    '{"command":"explode","device":"mfp-1"}',
    '{"command":"order-update"}',
    '{"command":"order-update","device":"mfp-1","generator":"nobody"}',
    '{"command":"order-update","device":"mfp-1","password":"x"}',
    '{"command":"show-panel","device":"mfp-2"}',
  ])('refuse %s and go on', async (line) => {
    const { pressed, input, answered, panels } = prepared();
    input.write(`${line}\n{"command":"show-panel","device":"mfp-1"}\n`);
    expect(await answered(2)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ event: 'command-refused', code: 'command-invalid' }),
        expect.objectContaining({ event: 'panel' }),
      ]),
    );
    expect(pressed).toEqual([]);
    await panels.close();
  });
});
