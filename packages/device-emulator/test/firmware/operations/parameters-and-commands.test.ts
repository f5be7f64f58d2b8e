import { describe, expect, test } from '@jest/globals';
import { Seconds } from '@postern/core';
import { profileNamed } from '@postern/device-emulator';
import { deviceError } from '../../../src/errors.ts';
import { CALL, remoteOf, type TestRemote } from '../../support/remote.ts';

const set = ({ operations }: TestRemote, parameters: Readonly<Record<string, string>>, requestId?: string) =>
  operations.SetParameters(
    {
      parameters: { item: Object.entries(parameters).map(([name, value]) => ({ name, value })) },
      ...(requestId === undefined ? {} : { requestId }),
    },
    CALL,
  );

const run = (
  { operations }: TestRemote,
  command: string,
  given: Readonly<Record<string, string>> = {},
  requestId?: string,
) =>
  operations.ExecuteCommand(
    {
      command,
      arguments: { item: Object.entries(given).map(([name, value]) => ({ name, value })) },
      ...(requestId === undefined ? {} : { requestId }),
    },
    CALL,
  );

/** @spec I3 */
describe('parameters', () => {
  test('are set together', async () => {
    const device = remoteOf();
    expect(await set(device, { location: 'Hall', 'paper-size': 'A5' })).toEqual({
      parameters: {
        item: [
          { name: 'location', value: 'Hall' },
          { name: 'paper-size', value: 'A5' },
        ],
      },
    });
    expect(device.memory.content.parameters).toEqual({ location: 'Hall', 'paper-size': 'A5' });
    expect(device.memory.writes).toBe(1);
  });

  test.each([
    ['a value that its profile forbids', { location: 'Hall', 'paper-size': 'A6' }, 'parameter-invalid'],
    ['a number out of range', { location: 'Hall', 'energy-saving-minutes': '241' }, 'parameter-invalid'],
    ['one that it has not', { location: 'Hall', colour: 'red' }, 'parameter-unknown'],
    ['one that every object of JavaScript has', { location: 'Hall', constructor: 'x' }, 'parameter-unknown'],
    ['one that is the device’s own', { location: 'Hall', 'serial-number': '123456' }, 'parameter-read-only'],
  ])('are all refused with %s', async (_, parameters, code) => {
    const device = remoteOf();
    await expect(set(device, parameters)).rejects.toMatchObject({ code });
    expect(device.memory.writes).toBe(0);
  });

  test('are refused when one is given twice', async () => {
    const { operations, memory } = remoteOf();
    const twice = { name: 'location', value: 'a' };
    await expect(
      operations.SetParameters({ parameters: { item: [twice, twice] } }, CALL),
    ).rejects.toMatchObject({ code: 'parameter-invalid' });
    expect(memory.writes).toBe(0);
  });
});

/** @spec I2 */
describe('a command', () => {
  test('starts a job, with as many units as its argument says or its profile', async () => {
    const device = remoteOf();
    await run(device, 'print-test-pages', { pages: '3' });
    await run(device, 'print-test-pages');
    expect(device.done).toEqual(['job print 3', 'job print 1']);
  });

  test('sets a counter to 0', async () => {
    const device = remoteOf();
    device.memory.content = { ...device.memory.content, counters: { 'copied-pages': 7, 'printed-pages': 3 } };
    expect(await run(device, 'reset-copies')).toEqual({ output: 'copied-pages is 0' });
    expect(device.memory.content.counters).toEqual({ 'copied-pages': 0, 'printed-pages': 3 });
  });

  test('sets a parameter, of what its argument says', async () => {
    const device = remoteOf({ profile: profileNamed('television') });
    expect(await run(device, 'set-language', { language: 'de' })).toEqual({ output: 'language is de' });
    expect(device.memory.content.parameters).toEqual({ language: 'de' });
  });

  test('shows which device it is, and reports what is wrong', async () => {
    const device = remoteOf();
    expect(await run(device, 'identify')).toEqual({ output: 'mfp-1: This is the device' });
    await run(device, 'call-service');
    expect(device.done).toEqual(['panel This is the device', 'send notices']);
    expect(device.memory.content.notices).toMatchObject([{ code: 'service-needed' }]);
  });

  test('restarts the device once its answer had time to leave', async () => {
    const device = remoteOf();
    expect(await run(device, 'restart')).toEqual({ output: 'The device restarts' });
    expect(device.done).toEqual([]);
    await device.clock.advance(Seconds(1));
    expect(device.done).toEqual(['restart']);
  });

  test('restarts no device that installs software', async () => {
    const device = remoteOf({ updating: true });
    await expect(run(device, 'restart')).rejects.toMatchObject({ code: 'update-under-way' });
  });

  test.each([
    ['explode', {}, 'command-unknown'],
    ['constructor', {}, 'command-unknown'],
    ['print-test-pages', { pages: '21' }, 'argument-invalid'],
    ['print-test-pages', { sheets: '1' }, 'argument-invalid'],
    ['identify', { loudly: 'yes' }, 'argument-invalid'],
  ])('%s with %j is refused', async (command, given, code) => {
    const device = remoteOf();
    await expect(run(device, command, given, 'r-1')).rejects.toMatchObject({ code });
    expect(device.memory.writes).toBe(0);
    expect(device.done).toEqual([]);
  });

  test('that lacks an argument is refused, and so is one that has it twice', async () => {
    const device = remoteOf({ profile: profileNamed('television') });
    await expect(run(device, 'set-language')).rejects.toMatchObject({ code: 'argument-invalid' });
    const twice = { name: 'language', value: 'de' };
    await expect(
      device.operations.ExecuteCommand(
        { command: 'set-language', arguments: { item: [twice, twice] } },
        CALL,
      ),
    ).rejects.toMatchObject({ code: 'argument-invalid' });
  });

  test('whose effect fails is forgotten: it may come again', async () => {
    let full = true;
    const started: string[] = [];
    const device = remoteOf({
      startJob: (job) => {
        if (full) throw deviceError('engine-queue-full', 'full');
        started.push(job);
      },
    });
    await expect(run(device, 'print-test-pages', {}, 'r-1')).rejects.toMatchObject({
      code: 'engine-queue-full',
    });
    full = false;
    await run(device, 'print-test-pages', {}, 'r-1');
    expect(started).toEqual(['print']);
  });
});

/** @spec I3 */
describe('applications', () => {
  test('are listed with the versions of their components, and stopped and started', async () => {
    const { operations, memory } = remoteOf({ profile: profileNamed('mfp-apps') });
    const stopped = await operations.SetApplication({ name: 'scanner', state: 'stopped' }, CALL);
    expect(stopped).toEqual({ application: { name: 'scanner', state: 'stopped', version: '2.0' } });
    expect(await operations.GetApplications({}, CALL)).toEqual({
      application: [
        { name: 'copier', state: 'running' },
        { name: 'printer', state: 'running', version: '3.0' },
        { name: 'scanner', state: 'stopped', version: '2.0' },
        { name: 'facsimile', state: 'running' },
      ],
    });
    expect(memory.content.stoppedApplications).toEqual(['scanner']);
  });

  test('that the device has not are refused', async () => {
    const { operations, memory } = remoteOf();
    await expect(operations.SetApplication({ name: 'game', state: 'running' }, CALL)).rejects.toMatchObject({
      code: 'application-unknown',
    });
    expect(memory.writes).toBe(0);
  });
});
