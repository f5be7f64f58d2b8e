import { readFile } from 'node:fs/promises';
import { createPinoLogger, errorCode, systemClock, systemEntropy } from '@postern/core';
import { runUpdaterProgram, type UpdaterProgramConfig } from './run-updater-program.ts';

/**
 * The updater program as a process of its own: `node main.js SETTINGS.json`. It ends with 0 when the device is to be
 * restarted (the boot loader decides what comes next), or by SIGTERM. For measuring what it costs a device.
 */
const main = async (settingsFile: string | undefined): Promise<void> => {
  if (settingsFile === undefined) throw new TypeError('Usage: main.js SETTINGS.json');
  const config = JSON.parse(await readFile(settingsFile, 'utf8')) as UpdaterProgramConfig;
  const logger = createPinoLogger({ level: 'info', name: 'updater-program' });
  const stop = new AbortController();
  process.once('SIGTERM', () => stop.abort());
  await runUpdaterProgram(
    config,
    { clock: systemClock, entropy: systemEntropy, logger },
    stop.signal,
    (port) => process.stdout.write(`${JSON.stringify({ event: 'listening', port })}\n`),
  );
};

main(process.argv[2]).catch((error: unknown) => {
  process.stderr.write(`The updater program failed: ${errorCode(error, String(error))}\n`);
  process.exitCode = 1;
});
