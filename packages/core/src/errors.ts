/**
 * An error with a stable string code. Each package declares its codes as one union type and a catalogue
 * of what they mean; messages are for people, codes are for programs.
 */
export class PosternError<Code extends string = string> extends Error {
  readonly code: Code;
  /** What the reader can do next, as one sentence. */
  readonly hint: string | undefined;

  constructor(code: Code, message: string, options: { cause?: unknown; hint?: string } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'PosternError';
    this.code = code;
    this.hint = options.hint;
  }
}

/** The `code` of any error that has one (ours, Node's, SQLite's), else `fallback`. Does not use instanceof: errors cross realms. */
export const errorCode = <Fallback extends string>(error: unknown, fallback: Fallback): string | Fallback => {
  if (typeof error === 'object' && error !== null && 'code' in error) {
    const { code } = error;
    if (typeof code === 'string') return code;
  }
  return fallback;
};

/** The message of whatever was thrown. */
export const errorMessage = (error: unknown): string => {
  if (typeof error === 'object' && error !== null && 'message' in error) {
    return String(error.message);
  }
  return String(error);
};
