import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { type Closable, errorCode, errorMessage } from '@postern/core';
import type {
  CallResult,
  Device,
  DeviceFleet,
  DeviceView,
  EnergySaverResult,
  EngineJob,
  JobEnding,
  PanelOrderResult,
} from '@postern/device-emulator';
import { cliError } from '../errors.ts';
import { print } from '../output/print.ts';
import { type PanelCommand, parseCommand, referenceOf } from './panel-command.ts';

/** What a command came to; one JSON object, told in the order in which commands end. */
export type PanelAnswer =
  | ({ readonly event: 'order'; readonly device: string } & PanelOrderResult)
  | ({ readonly event: 'call'; readonly device: string } & CallResult)
  | { readonly event: 'energy-saver'; readonly device: string; readonly result: EnergySaverResult }
  | { readonly event: 'job'; readonly device: string; readonly job: number; readonly ended: JobEnding }
  | { readonly event: 'panel'; readonly device: string; readonly lines: readonly string[] }
  | { readonly event: 'device-view'; readonly device: string; readonly view: DeviceView }
  /** There is nothing more to say of it. */
  | { readonly event: 'done'; readonly device: string; readonly command: string }
  | { readonly event: 'command-refused'; readonly code: string; readonly message: string };

/** Commands that may be under way at one time. */
const MOST_COMMANDS = 64;

/**
 * The panels of a process's devices, by hand: one JSON command a line, `{"command":"order-update","device":"mfp-1"}`.
 * A `ref` on a line, a whole number, comes back with its answer.
 *
 * @param onAnswer told of each command what came of it
 */
export const servePanels = (
  fleet: DeviceFleet,
  input: Readable,
  onAnswer: (answer: PanelAnswer & { readonly ref?: number }) => void,
): Closable => {
  let running = 0;
  const lines = createInterface({ input });
  lines.on('line', (line) => {
    if (line.trim() === '') return;
    running += 1;
    answerOf(fleet, line, running)
      .catch(
        (error: unknown): PanelAnswer => ({
          event: 'command-refused',
          code: errorCode(error, 'internal-error'),
          message: errorMessage(error),
        }),
      )
      .then((answer) => onAnswer({ ...answer, ...referenceOf(line) }))
      .finally(() => {
        running -= 1;
      });
  });
  return {
    close: async () => {
      lines.close();
      input.destroy();
    },
  };
};

/** The fleet, with its panels at standard input until it closes. */
export const withPanels = (fleet: DeviceFleet, options: { readonly json?: boolean }): Closable => {
  const panels = servePanels(fleet, process.stdin, (answer) => print(options, answer, textOf(answer)));
  return {
    close: async () => {
      await panels.close();
      await fleet.close();
    },
  };
};

const textOf = (answer: PanelAnswer): readonly string[] => {
  switch (answer.event) {
    case 'command-refused':
      return [answer.message];
    case 'panel':
      return answer.lines;
    case 'device-view':
      return [JSON.stringify(answer.view)];
    case 'order':
    case 'call':
      return [`${answer.device}: ${answer.text}`];
    case 'energy-saver':
      return [`${answer.device}: ${answer.result}`];
    case 'job':
      return [`${answer.device}: job ${answer.job} ${answer.ended}`];
    case 'done':
      return [`${answer.device}: ${answer.command}`];
  }
};

const answerOf = async (fleet: DeviceFleet, line: string, running: number): Promise<PanelAnswer> => {
  if (running > MOST_COMMANDS) throw cliError('command-invalid', 'Too many commands are under way');
  const command = parseCommand(line);
  const device = fleet.devices.get(command.device);
  if (device === undefined) throw cliError('command-invalid', `No device here is called ${command.device}`);
  return pressed(device, command);
};

const pressed = async (device: Device, command: PanelCommand): Promise<PanelAnswer> => {
  const { id } = device;
  switch (command.command) {
    case 'show-panel':
      return { event: 'panel', device: id, lines: device.panel };
    case 'show-device':
      return { event: 'device-view', device: id, view: device.view };
    case 'order-update': {
      const { generator } = command;
      const result = await device.orderUpdate(generator === undefined ? {} : { generator });
      return { event: 'order', device: id, ...result };
    }
    case 'call-service': {
      const { reason } = command;
      return { event: 'call', device: id, ...(await device.callService({ reason })) };
    }
    case 'energy-saver':
      return { event: 'energy-saver', device: id, result: device.pressEnergySaver() };
    case 'copy':
      return ended(id, device.pressStart({ units: command.pages }));
    case 'start-job':
      return ended(id, device.startJob({ kind: command.kind, units: command.units }));
    case 'cancel-job':
      if (!device.cancelJob(command.job)) throw cliError('command-invalid', `No job ${command.job} is open`);
      break;
    case 'trouble':
      device.trouble(command.what);
      break;
    case 'mend':
      device.mend();
      break;
    case 'power-off':
      await device.powerOff();
      break;
    case 'power-on':
      await device.powerOn();
      break;
    case 'faults':
      device.setFaults(await faultsFrom(command.faults));
      break;
    case 'refill':
      await device.refill(command.supply);
      break;
  }
  return { event: 'done', device: id, command: command.command };
};

const faultsFrom = async (faults: Readonly<Record<string, unknown>>) => {
  const { parseFaults } = await import('@postern/device-emulator');
  return parseFaults(faults);
};

/** A job is told of when it has ended. */
const ended = async (device: string, job: EngineJob): Promise<PanelAnswer> => ({
  event: 'job',
  device,
  job: job.id,
  ended: await job.ended,
});
