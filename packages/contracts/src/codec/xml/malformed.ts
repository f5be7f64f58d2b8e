import type { PosternError } from '@postern/core';
import { type CodecCode, codecError } from '../errors.ts';

/** The error of a document that is not well-formed. */
export const malformed = (reason: string): PosternError<CodecCode> => codecError('xml-malformed', '', reason);
