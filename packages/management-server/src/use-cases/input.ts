import { z } from 'zod';
import { serverError } from '../errors.ts';
import type { Page } from './views.ts';

const LONGEST_PAGE = 1_000;
const DEFAULT_PAGE = 100;

/** Names of nodes, as in wsdl/types.xsd. */
export const nodeName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'not a node name');

/** Identifiers, as in wsdl/types.xsd. */
export const identifier = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'not an identifier');

/** t:ModelName of wsdl/types.xsd. */
export const modelName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$/, 'not a model');

/** True or false, also as the text of a query. */
export const flag = z
  .union([z.boolean(), z.enum(['true', 'false'])])
  .transform((value) => value === true || value === 'true');

/** t:SignedManifest and t:SignedRecord, 65,536 bytes at most, in base64. */
export const signedRecord = z.base64().min(4).max(87_384);

/** t:Seconds, at least one: 31 days at most. */
export const seconds = z.int().min(1).max(2_678_400);

/** `limit` and `after` of a list; `after` is the key of the last item of the page before. */
export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(LONGEST_PAGE).default(DEFAULT_PAGE),
  after: identifier.optional(),
});

/** A body that says nothing. */
export const nothing = z.undefined().or(z.null()).or(z.strictObject({}));

/**
 * Checks what came in; unknown fields are refused by strict schemas.
 *
 * @param what its name, where it has no fields
 * @throws PosternError `request-invalid` naming every wrong field
 */
export const valid = <Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  what = 'body',
): z.output<Schema> => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || what}: ${message}`);
  throw serverError('request-invalid', problems.join('; ').slice(0, 500));
};

/** One page: the items, and where the next one begins (null after the last). */
export const pageOf = <Item, View>(
  items: readonly Item[],
  limit: number,
  key: (item: Item) => string,
  view: (item: Item) => View,
): Page<View> => {
  const last = items.length === limit ? items.at(-1) : undefined;
  return { items: items.map(view), next: last === undefined ? null : key(last) };
};
