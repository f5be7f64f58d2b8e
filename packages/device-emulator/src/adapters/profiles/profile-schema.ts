import { z } from 'zod';
import { type Constraint, expectation } from '../../domain/constraint.ts';
import type { DeviceProfile } from '../../domain/profile.ts';
import { namesThatExist } from './profile-references.ts';

/** As the contracts carry them: `ComponentName`, `Identifier`, `ModelName`, `ErrorCode` of wsdl/types.xsd. */
const componentName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{0,31}$/, 'Expected at most 32 of a–z, 0–9, dot and dash');
const identifier = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'Expected at most 64 of a–z, 0–9, . _ -');
const modelName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$/, 'Expected 1–64 letters, digits, . _ -');
const errorCode = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'Expected at most 64 of a–z, 0–9 and dash');

/** Text that XML can carry and a display can show. */
const text = z
  .string()
  .max(1_024)
  .regex(/^[^\p{C}]*$/u, 'Expected text without control characters');

/** @param most entries, as the contract that carries them allows */
const named = <T extends z.ZodType>(value: T, most: number, name = identifier) =>
  z
    .record(name, value)
    .refine((entries) => Object.keys(entries).length <= most, `Expected at most ${most} entries`)
    .default({});

const seconds = z.number().min(0).max(86_400);
const percent = z.number().min(0).max(100);

/** Matched against the whole value. */
const pattern = z
  .string()
  .min(1)
  .max(200)
  .transform((source, context) => {
    try {
      return new RegExp(`^(?:${source})$`, 'u');
    } catch {
      context.addIssue({ code: 'custom', message: 'Expected a regular expression' });
      return z.NEVER;
    }
  });

const integer = z
  .strictObject({ from: z.int(), to: z.int() })
  .refine(({ from, to }) => from <= to, 'Expected `from` to be no more than `to`');

/** At most one of them. */
const constraints = {
  pattern: pattern.optional(),
  integer: integer.optional(),
  choices: z.array(text).min(1).max(64).optional(),
};

type Constraints = z.output<z.ZodObject<typeof constraints>>;

const constraintOf = ({ pattern, integer, choices }: Constraints): Constraint => {
  if (pattern !== undefined) return { kind: 'pattern', pattern };
  if (integer !== undefined) return { kind: 'integer', ...integer };
  return choices === undefined ? { kind: 'any' } : { kind: 'choices', choices };
};

/** Told at the constraint that is too many, or at the value that its own constraint refuses. */
const checkValue =
  <K extends string>(key: K) =>
  (value: Constraints & { readonly [name in K]?: string | undefined }, context: z.RefinementCtx): void => {
    const [, second] = Object.keys(constraints).filter(
      (name) => value[name as keyof Constraints] !== undefined,
    );
    if (second !== undefined) {
      context.addIssue({ code: 'custom', path: [second], message: 'Expected no second constraint' });
      return;
    }
    const given: string | undefined = value[key];
    const problem = given === undefined ? undefined : expectation(constraintOf(value), given);
    if (problem !== undefined)
      context.addIssue({ code: 'custom', path: [key], message: `The value ${problem}` });
  };

const parameter = z
  .strictObject({ initial: text, readOnly: z.boolean().default(false), ...constraints })
  .superRefine(checkValue('initial'))
  .transform(({ initial, readOnly, ...rest }) => ({ initial, readOnly, constraint: constraintOf(rest) }));

const argument = z
  .strictObject({ default: text.optional(), ...constraints })
  .superRefine(checkValue('default'))
  .transform(({ default: value, ...rest }) => ({ default: value, constraint: constraintOf(rest) }));

const source = z.union([z.strictObject({ value: text }), z.strictObject({ argument: identifier })]);

const effect = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('reset-counter'), counter: componentName }),
  z.strictObject({ do: z.literal('start-job'), job: identifier, units: source.default({ value: '1' }) }),
  z.strictObject({ do: z.literal('restart') }),
  z.strictObject({ do: z.literal('set-parameter'), parameter: identifier, to: source }),
  z.strictObject({ do: z.literal('raise-abnormality'), code: errorCode, text }),
  z.strictObject({ do: z.literal('identify'), text }),
]);

const command = z.strictObject({
  description: text,
  arguments: named(argument, 16),
  effect,
});

const job = z.strictObject({
  counter: componentName,
  secondsPerUnit: seconds.min(0.01),
  blocksUpdate: z.boolean().default(true),
  application: identifier.optional(),
  supplies: named(percent, 16),
});

const application = z.strictObject({
  state: z.enum(['running', 'stopped']).default('running'),
  component: componentName.optional(),
});

const supply = z.strictObject({
  initialPercent: percent.default(100),
  lowPercent: percent.default(10),
});

/**
 * A file of `profiles/`. Unknown keys are refused, and names that do not exist.
 *
 * @spec T4
 */
export const profileSchema = z
  .strictObject({
    name: identifier,
    model: modelName,
    kind: identifier,
    description: text,
    components: z.array(componentName).min(1).max(64),
    bulkPathKind: z.enum(['ftp', 'ftps-explicit', 'ftps-implicit', 'sftp']).default('ftp'),
    engine: z
      .strictObject({
        startSeconds: seconds.default(0),
        energySavingMinutes: z.number().min(0).max(1_440).default(0),
      })
      .prefault({}),
    jobs: named(job, 32),
    counters: named(z.int().min(0), 256, componentName),
    parameters: named(parameter, 256),
    commands: named(command, 64),
    applications: named(application, 64),
    supplies: named(supply, 32),
    carries: z
      .strictObject({ intermediary: z.boolean().default(false), firewall: z.boolean().default(false) })
      .prefault({}),
  })
  .superRefine(namesThatExist) satisfies z.ZodType<DeviceProfile>;
