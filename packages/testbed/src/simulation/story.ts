import { errorCode, errorMessage, type LogFields, type Logger } from '@postern/core';

/** A logger whose lines become part of the story of a run. */
export const storyLogger = (tell: (line: string) => void): Logger => {
  const at =
    (level: string) =>
    (message: string, fields: LogFields = {}): void =>
      tell(`  ${level}: ${message} ${JSON.stringify(fields, errorsToo)}`);
  const logger: Logger = {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: () => logger,
  };
  return logger;
};

const errorsToo = (_: string, value: unknown): unknown =>
  value instanceof Error ? `${errorCode(value, 'error')}: ${errorMessage(value)}` : value;
