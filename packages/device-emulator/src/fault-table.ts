import { Milliseconds } from '@postern/core';
import { z } from 'zod';
import { deviceError } from './errors.ts';

/** How a value is written on a command line. */
type Form = 'flag' | 'number' | 'milliseconds' | 'texts';

interface Fault<T extends z.ZodType> {
  readonly form: Form;
  readonly schema: T;
  /** What is wrong with a device that has it. */
  readonly effect: string;
}

const fault = <T extends z.ZodType>(form: Form, schema: T, effect: string): Fault<T> => ({
  form,
  schema,
  effect,
});

const flag = (effect: string) => fault('flag', z.boolean(), effect);
const milliseconds = (effect: string) => fault('milliseconds', z.number().transform(Milliseconds), effect);

/**
 * Everything that can be wrong with an emulated device: the one table behind configuration, command line and documentation.
 * A sound device has none of it.
 */
export const FAULTS = {
  crashAtBootOf: fault(
    'texts',
    z.array(z.string()).readonly(),
    'firmware with a component of these versions crashes while it starts',
  ),
  crashDuringTransfer: fault(
    'number',
    z.int().positive(),
    'the power fails once, when so many bytes of an image have come',
  ),
  storageBytes: fault('number', z.int().min(0), 'room for images; beyond it `storage-full` (FTP reply 552)'),
  corruptSlotAfterSeal: flag('a bit of every written slot flips'),
  neverReturns: flag('stays dark after the restart that ends an installation'),
  ignoreUpdates: fault('number', z.int().min(0), 'so many installations are silently undone'),
  muteStartNotification: flag('no start notification'),
  notifyWithoutMac: flag('start notifications bear no authentication code'),
  slowReceive: fault('number', z.number().positive(), 'takes no more bytes a second on the bulk path'),
  refuseLogins: flag('nobody gets in on the bulk path'),
  slowAnswers: milliseconds('answers so much later on the secure path'),
  silentSecurePath: flag('takes requests on the secure path and never answers'),
  jobRunningFor: milliseconds('a job that an update waits for runs from power-on'),
  clockOffset: milliseconds("the device's time of day is ahead (negative: behind)"),
  abnormalityStorm: fault(
    'number',
    z.number().positive().max(1_000),
    'reports so many abnormalities a second from power-on',
  ),
} as const satisfies Record<string, Fault<z.ZodType>>;

export type FaultName = keyof typeof FAULTS;

/** The faults of one device. */
export type DeviceFaults = {
  readonly [K in FaultName]?: z.output<(typeof FAULTS)[K]['schema']>;
};

type Shape = { [K in FaultName]: z.ZodOptional<(typeof FAULTS)[K]['schema']> };

/** As a configuration has them. */
export const faultsSchema = z.strictObject(
  Object.fromEntries(Object.entries(FAULTS).map(([name, { schema }]) => [name, schema.optional()])) as Shape,
);

/** How a fault is written on a command line: `slowReceive=NUMBER`. */
export const faultForms = (): readonly string[] =>
  Object.entries(FAULTS).map(([name, { form }]) => `${name}${WRITTEN[form]}`);

const WRITTEN: Readonly<Record<Form, string>> = {
  flag: '',
  number: '=NUMBER',
  milliseconds: '=MILLISECONDS',
  texts: '=TEXT,TEXT,…',
};

/**
 * Reads `NAME=VALUE`, or `NAME` alone for what there is or is not.
 *
 * @returns a part of the `faults` of a device's configuration
 * @throws PosternError `fault-unknown`, `fault-invalid`
 */
export const parseFault = (text: string): Readonly<Record<string, unknown>> => {
  const [, name = '', value] = /^([^=]*)(?:=(.*))?$/s.exec(text) ?? [];
  if (!Object.hasOwn(FAULTS, name)) {
    const known = faultForms().join(', ');
    throw deviceError(
      'fault-unknown',
      `No fault is called ${JSON.stringify(name.slice(0, 60))}; there are ${known}`,
    );
  }
  const { form, schema } = FAULTS[name as FaultName];
  const read = valueFrom(form, value);
  const parsed = schema.safeParse(read);
  if (read !== undefined && parsed.success) return { [name]: read };
  const reason = parsed.error?.issues[0]?.message ?? 'a value is missing';
  throw deviceError('fault-invalid', `${text} is no fault (write ${name}${WRITTEN[form]}): ${reason}`);
};

const valueFrom = (form: Form, value: string | undefined): unknown => {
  if (form === 'flag')
    return value === undefined || value === 'true' ? true : value === 'false' ? false : value;
  if (value === undefined || value === '') return undefined;
  return form === 'texts' ? value.split(',') : Number(value);
};

/**
 * Reads faults as a configuration has them.
 *
 * @throws PosternError `fault-invalid`
 */
export const parseFaults = (input: unknown): DeviceFaults => {
  const parsed = faultsSchema.safeParse(input);
  // What is absent is left out, not `undefined`.
  if (parsed.success) return Object.fromEntries(Object.entries(parsed.data)) as DeviceFaults;
  const [issue] = parsed.error.issues;
  throw deviceError('fault-invalid', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'no faults'}`);
};
