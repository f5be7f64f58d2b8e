import { createPinoLogger, silentLogger } from '@postern/core';

/**
 * What the measured processes log with: nothing, because logging is not what is measured. To find out why a benchmark
 * does not work, set POSTERN_BENCH_LOG to a level (`debug`, `info`, `warn`); the lines go to standard error.
 *
 * @param {string} name
 * @returns {import('@postern/core').Logger}
 */
export const benchLogger = (name) => {
  const level = process.env['POSTERN_BENCH_LOG'];
  return level === undefined
    ? silentLogger
    : createPinoLogger({ level: /** @type {import('@postern/core').LogLevel} */ (level), name });
};
