import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { type Closable, errorCode, errorMessage } from '@postern/core';
import type { DeviceFleet, PanelOrderResult } from '@postern/device-emulator';
import { cliError } from '../errors.ts';
import { print } from '../output/print.ts';

/** One line of standard input, as a program or a person writes it. */
type PanelCommand =
  /** Presses the update key of a device's panel. */
  | { readonly command: 'order-update'; readonly device: string; readonly generator?: 'updater' | 'target' }
  /** Reads the display of a device's panel. */
  | { readonly command: 'show-panel'; readonly device: string };

/** What a command came to; one JSON object, told in the order in which commands end. */
export type PanelAnswer =
  | ({ readonly event: 'order'; readonly device: string } & PanelOrderResult)
  | { readonly event: 'panel'; readonly device: string; readonly lines: readonly string[] }
  | { readonly event: 'command-refused'; readonly code: string; readonly message: string };

/** Commands that may be under way at one time. */
const MOST_COMMANDS = 64;

/**
 * The panels of a process's devices, by hand: one JSON command a line, `{"command":"order-update","device":"mfp-1"}`.
 *
 * @param onAnswer told of each command what came of it
 */
export const servePanels = (
  fleet: DeviceFleet,
  input: Readable,
  onAnswer: (answer: PanelAnswer) => void,
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
      .then(onAnswer)
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
  if (answer.event === 'command-refused') return [answer.message];
  return answer.event === 'panel' ? answer.lines : [`${answer.device}: ${answer.text}`];
};

const answerOf = async (fleet: DeviceFleet, line: string, running: number): Promise<PanelAnswer> => {
  if (running > MOST_COMMANDS) throw cliError('command-invalid', 'Too many commands are under way');
  const command = parseCommand(line);
  const device = fleet.devices.get(command.device);
  if (device === undefined) throw cliError('command-invalid', `No device here is called ${command.device}`);
  const { id } = device;
  if (command.command === 'show-panel') return { event: 'panel', device: id, lines: device.panel };
  const { generator } = command;
  const result = await device.orderUpdate(generator === undefined ? {} : { generator });
  return { event: 'order', device: id, ...result };
};

/** @throws PosternError `command-invalid` */
const parseCommand = (line: string): PanelCommand => {
  const { command, device, generator, ...rest } = fieldsOf(line);
  if (Object.keys(rest).length === 0 && typeof device === 'string') {
    if (command === 'show-panel' && generator === undefined) return { command, device };
    if (command === 'order-update' && generator === undefined) return { command, device };
    if (command === 'order-update' && (generator === 'updater' || generator === 'target')) {
      return { command, device, generator };
    }
  }
  throw cliError('command-invalid', `Not a command: ${line.slice(0, 200)}`);
};

const fieldsOf = (line: string): Record<string, unknown> => {
  try {
    const parsed: unknown = JSON.parse(line);
    if (typeof parsed === 'object' && parsed !== null) return { ...parsed };
  } catch {
    // Said by whoever called.
  }
  return {};
};
