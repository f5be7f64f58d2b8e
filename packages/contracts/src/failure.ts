import { type ElementCodec, elementCodec } from './codec/contract.ts';
import { schema } from './generated/schema.ts';
import type { Failure } from './generated/types.ts';

/** The detail of every SOAP Fault. */
export const failureCodec: ElementCodec<Failure> = elementCodec<Failure>(schema, 'types.Failure');
