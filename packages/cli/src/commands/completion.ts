import { Argument, Command } from 'commander';
import { completionScript, SHELLS, type Shell } from '../completion/scripts.ts';
import { vocabularyOf } from '../completion/vocabulary.ts';

/**
 * `postern completion`: a script for a shell. Our own small generator, because libraries for this call the program at
 * each press of the key, and Node takes a quarter of a second to start.
 */
export const completionCommand = (): Command =>
  new Command('completion')
    .description('print a script that lets a shell complete commands, options and their choices')
    .addArgument(new Argument('<shell>', 'for which shell').choices(SHELLS))
    .action((shell: Shell, _options: object, command: Command) => {
      process.stdout.write(completionScript(shell, vocabularyOf(command.parent ?? command)));
    });
