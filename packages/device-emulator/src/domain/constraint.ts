/** What a value must be like: of a parameter of the device, or of an argument of a command. All values are text. */
export type Constraint =
  | { readonly kind: 'any' }
  /** The whole value has to match. */
  | { readonly kind: 'pattern'; readonly pattern: RegExp }
  | { readonly kind: 'integer'; readonly from: number; readonly to: number }
  | { readonly kind: 'choices'; readonly choices: readonly string[] };

/** Longer values are refused before a pattern is tried on them. */
const MOST_PATTERN_CHARACTERS = 256;

/** A whole number as people write it: no sign but a minus, no leading zeros, no exponent. */
const INTEGER = /^(?:0|-?[1-9][0-9]{0,14})$/;

/**
 * What a value would have to be.
 *
 * @returns `undefined` when it is that; else the end of a sentence that begins with the name of the value
 */
export const expectation = (constraint: Constraint, value: string): string | undefined => {
  switch (constraint.kind) {
    case 'any':
      return undefined;
    case 'pattern': {
      const { pattern } = constraint;
      const fits = value.length <= MOST_PATTERN_CHARACTERS && pattern.test(value);
      return fits ? undefined : `must match ${pattern.source}`;
    }
    case 'integer': {
      const { from, to } = constraint;
      const fits = INTEGER.test(value) && Number(value) >= from && Number(value) <= to;
      return fits ? undefined : `must be a whole number from ${from} to ${to}`;
    }
    case 'choices': {
      const { choices } = constraint;
      return choices.includes(value) ? undefined : `must be one of ${choices.join(', ')}`;
    }
  }
};
