import type { Document, Node } from 'yaml';
import {
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
} from 'yaml';
import type { z } from 'zod';
import type { DeviceProfile } from '../../domain/profile.ts';
import { profileSchema } from './profile-schema.ts';

/** What is wrong in a profile, and where. */
export interface ProfileMistake {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** `jobs.defrost.counter`; empty when it is about the whole file. */
  readonly path: string;
  readonly message: string;
}

export type ReadProfile =
  | { readonly profile: DeviceProfile }
  | { readonly mistakes: readonly [ProfileMistake, ...ProfileMistake[]] };

/** A profile is a page, not a book. */
export const MOST_PROFILE_BYTES = 65_536;

/**
 * Reads the text of a profile. Never throws: whatever is wrong is told with its place.
 *
 * @spec T4
 */
export const readProfile = (text: string): ReadProfile => {
  if (Buffer.byteLength(text) > MOST_PROFILE_BYTES) return wholeFile('Larger than 64 KiB');
  try {
    return readDocument(text);
  } catch (error) {
    // Of hostile nesting, say: too deep for the parser's own recursion.
    return wholeFile(error instanceof Error ? error.message : String(error));
  }
};

const wholeFile = (message: string): ReadProfile => ({
  mistakes: [{ line: 1, column: 1, path: '', message }],
});

const readDocument = (text: string): ReadProfile => {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, {
    lineCounter,
    prettyErrors: false,
    schema: 'core',
    stringKeys: true,
    uniqueKeys: true,
  });
  const at = (offset: number): Pick<ProfileMistake, 'line' | 'column'> => {
    const { line, col } = lineCounter.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const faults = [...document.errors, ...document.warnings, ...refusedNodes(document)].map(
    ({ pos, message }) => ({ ...at(pos[0]), path: '', message }),
  );
  const tooDeep = faults.find(({ message }) => message.includes('call stack'));
  if (tooDeep !== undefined) return { mistakes: [{ ...tooDeep, message: 'Nested too deeply' }] };
  const [first, ...others] = faults;
  if (first !== undefined) return { mistakes: [first, ...others] };

  const parsed = profileSchema.safeParse(document.toJS(), { error: missing });
  if (parsed.success) return { profile: parsed.data };
  const [issue, ...more] = parsed.error.issues.flatMap(explicit).map(({ path, message }) => ({
    ...at(offsetOf(document, path)),
    path: path.join('.'),
    message,
  }));
  return issue === undefined ? wholeFile('Not a profile') : { mistakes: [issue, ...more] };
};

interface RefusedNode {
  readonly pos: readonly [number];
  readonly message: string;
}

/** What YAML would take and a profile does not. */
const refusedNodes = (document: Document): RefusedNode[] => {
  const found: RefusedNode[] = [];
  visit(document, {
    Alias: (_, { range }) => {
      found.push({ pos: [range?.[0] ?? 0], message: 'Aliases are not taken: write the value out' });
    },
    Pair: (_, { key }) => {
      if (!isScalar(key) || key.value !== '__proto__') return;
      found.push({ pos: [key.range?.[0] ?? 0], message: 'There is no such key' });
    },
  });
  return found;
};

const missing = ({ code, input }: z.core.$ZodRawIssue): string | undefined =>
  code === 'invalid_type' && input === undefined ? 'It is missing' : undefined;

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** An unknown key is told where it stands, not where its mapping begins. */
const explicit = (issue: z.core.$ZodIssue): Issue[] => {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...issue.path, key], message: 'There is no such key' }));
  }
  if (issue.code === 'invalid_key') {
    const [inner] = issue.issues;
    return [{ path: issue.path, message: `Not a name: ${inner?.message ?? issue.message}` }];
  }
  return [issue];
};

/** Where the entry of a path begins: its key, or the item of a list. What is missing is told where it should be. */
const offsetOf = (document: Document, path: readonly PropertyKey[]): number => {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const step of path) {
    const found = entryOf(node, step);
    if (found === undefined) return offset;
    offset = found.offset ?? offset;
    node = found.node;
  }
  return offset;
};

const entryOf = (
  node: unknown,
  step: PropertyKey,
): { readonly node: unknown; readonly offset: number | undefined } | undefined => {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
    return pair === undefined ? undefined : { node: pair.value, offset: startOf(pair.key) };
  }
  if (isSeq(node)) {
    const item = node.items[Number(step)];
    return item === undefined ? undefined : { node: item, offset: startOf(isPair(item) ? item.key : item) };
  }
  return undefined;
};

const startOf = (node: unknown): number | undefined =>
  isScalar(node) || isCollection(node) || isAlias(node) ? (node as Node).range?.[0] : undefined;
