import { Command } from 'commander';
import { deviceCommand } from './device.ts';
import { intermediaryCommand } from './intermediary.ts';
import { serverCommand } from './server.ts';

/** `postern conformance`: whether an implementation of somebody else keeps the contracts. Exit code 0 when all that is required passes. */
export const conformanceCommand = (): Command =>
  new Command('conformance')
    .description('check implementations of other vendors against the contracts')
    .addCommand(deviceCommand())
    .addCommand(intermediaryCommand())
    .addCommand(serverCommand());
