import { z } from 'zod';
import { cliError } from '../errors.ts';

const device = z.string().min(1).max(64);
const units = z.int().min(1).max(10_000).default(1);
const name = z.string().min(1).max(64);

/** One line of standard input, as a program or a person writes it. */
const panelCommand = z.discriminatedUnion('command', [
  /** The update key of the panel. */
  z.strictObject({
    command: z.literal('order-update'),
    device,
    generator: z.enum(['updater', 'target']).optional(),
  }),
  /** The user-call key. */
  z.strictObject({ command: z.literal('call-service'), device, reason: z.string().max(200).default('') }),
  z.strictObject({ command: z.literal('energy-saver'), device }),
  /** The start key. */
  z.strictObject({ command: z.literal('copy'), device, pages: units }),
  /** A job from the network, as it were. */
  z.strictObject({ command: z.literal('start-job'), device, kind: name, units }),
  z.strictObject({ command: z.literal('cancel-job'), device, job: z.int().min(1) }),
  /** Something happens to the engine; `mend` ends it. */
  z.strictObject({ command: z.literal('trouble'), device, what: z.enum(['paper-jam', 'engine-failure']) }),
  z.strictObject({ command: z.literal('mend'), device }),
  z.strictObject({ command: z.literal('refill'), device, supply: name }),
  /** Pulls the plug, and puts it in again. */
  z.strictObject({ command: z.literal('power-off'), device }),
  z.strictObject({ command: z.literal('power-on'), device }),
  /** What is wrong with the device from now on: the faults of its configuration. */
  z.strictObject({ command: z.literal('faults'), device, faults: z.record(name, z.unknown()) }),
  /** Reads the display of the panel. */
  z.strictObject({ command: z.literal('show-panel'), device }),
  /** Reads all that can be seen: engine and its signals, jobs, counters, supplies. */
  z.strictObject({ command: z.literal('show-device'), device }),
]);

export type PanelCommand = z.output<typeof panelCommand>;

/** What the answer is known by again; absent where nobody asks for that. */
const reference = z.looseObject({ ref: z.int().min(0).optional().catch(undefined) });

/** The `ref` of a line, whatever else is on it. */
export const referenceOf = (line: string): { readonly ref?: number } => {
  const { ref } = reference.safeParse(fieldsOf(line)).data ?? {};
  return ref === undefined ? {} : { ref };
};

/** @throws PosternError `command-invalid` */
export const parseCommand = (line: string): PanelCommand => {
  const { ref: _, ...fields } = reference.safeParse(fieldsOf(line)).data ?? {};
  const parsed = panelCommand.safeParse(fields);
  if (parsed.success) return parsed.data;
  throw cliError('command-invalid', `Not a command: ${line.slice(0, 200)}`);
};

const fieldsOf = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};
