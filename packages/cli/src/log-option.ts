import { Option } from 'commander';

/** What a process that runs until interrupted logs. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** `--log-level`, also as `POSTERN_LOG_LEVEL`. */
export const logLevelOption = (): Option =>
  new Option('--log-level <level>', 'what is logged, to standard error, one JSON object a line')
    .choices(['debug', 'info', 'warn', 'error', 'silent'])
    .env('POSTERN_LOG_LEVEL')
    .default('info');
