import { type ElementCodec, elementCodec } from '../codec/contract.ts';
import { codecError } from '../codec/errors.ts';
import { schema } from '../generated/schema.ts';
import type { RequestBody, ResponseBody } from '../generated/uplink.ts';
import { toJson } from './element-json.ts';
import { fromJson } from './from-json.ts';

/** The JSON form of what a request carries ({@link toJson} says what it looks like). */
export const requestToJson = ({ kind, value }: RequestBody): unknown => toJson(typeOf(kind), value);

/**
 * Reads and checks what a request of this kind carries, by the codec of its element.
 *
 * @throws PosternError `element-unexpected`, `element-missing`, `value-invalid`, naming the place
 */
export const requestFromJson = (kind: RequestBody['kind'], json: unknown): RequestBody =>
  // The codec vouches for the type.
  ({ kind, value: checked(kind, json) }) as RequestBody;

/** {@link requestToJson} of a response, or a failure. */
export const responseToJson = ({ kind, value }: ResponseBody): unknown => toJson(typeOf(kind), value);

/** {@link requestFromJson} of a response, or a failure. */
export const responseFromJson = (kind: ResponseBody['kind'], json: unknown): ResponseBody =>
  ({ kind, value: checked(kind, json) }) as ResponseBody;

const checked = (kind: RequestBody['kind'] | ResponseBody['kind'], json: unknown): unknown => {
  const value = fromJson(typeOf(kind), json, kind);
  codecOf(kind).write(value);
  return value;
};

const codecs = new Map<string, ElementCodec<unknown>>();

const codecOf = (kind: string): ElementCodec<unknown> => {
  const known = codecs.get(kind) ?? elementCodec<unknown>(schema, elementOf(kind));
  codecs.set(kind, known);
  return known;
};

const elementOf = (kind: string): string => (kind === 'Failure' ? 'types.Failure' : `device.${kind}`);

const typeOf = (kind: string): string => {
  const type = schema.elements[elementOf(kind)]?.type;
  if (type === undefined) throw codecError('element-unexpected', '', `no element ${kind.slice(0, 64)}`);
  return type;
};

/** Key of the type of a request's element, for whoever reads its members. */
export const requestType = (kind: RequestBody['kind']): string => typeOf(kind);
