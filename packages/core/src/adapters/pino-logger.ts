import { destination, type Logger as PinoLogger, pino } from 'pino';
import type { Logger, LogLevel } from '../logger.ts';
import { SECRET_FIELDS } from '../secret-fields.ts';

/** A JSON-lines logger on standard error (standard output belongs to the command's own results). */
export const createPinoLogger = (options: { level: LogLevel; name: string }): Logger =>
  wrap(
    pino(
      {
        level: options.level,
        name: options.name,
        redact: SECRET_FIELDS.flatMap((name) => [name, `*.${name}`]),
      },
      destination({ dest: 2, sync: true }),
    ),
  );

const wrap = (logger: PinoLogger): Logger => ({
  debug: (message, fields) => logger.debug(fields ?? {}, message),
  info: (message, fields) => logger.info(fields ?? {}, message),
  warn: (message, fields) => logger.warn(fields ?? {}, message),
  error: (message, fields) => logger.error(fields ?? {}, message),
  child: (fields) => wrap(logger.child({ ...fields })),
});
