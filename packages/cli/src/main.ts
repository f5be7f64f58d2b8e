import { packageVersion } from '@postern/core';
import { Command, CommanderError } from 'commander';
import { completionCommand } from './commands/completion.ts';
import { conformanceCommand } from './commands/conformance/command.ts';
import { demoCommand } from './commands/demo.ts';
import { doctorCommand } from './commands/doctor.ts';
import { firewallCommand } from './commands/firewall.ts';
import { fleetCommand } from './commands/fleet.ts';
import { deviceCommand, intermediaryCommand, serverCommand } from './commands/nodes.ts';
import { noticeCommand } from './commands/notice.ts';
import { passwordsCommand } from './commands/passwords.ts';
import { pkiCommand } from './commands/pki.ts';
import { requestCommand } from './commands/request.ts';
import { siteCommand } from './commands/site.ts';
import { softwareCommand } from './commands/software.ts';
import { stackCommand } from './commands/stack.ts';
import { updateCommand } from './commands/update.ts';
import { addManuals } from './help/manual.ts';
import { manuals } from './help/pages/index.ts';
import { reportError } from './output/report-error.ts';

/**
 * The `postern` command. Exit codes: 0 done (for what runs until interrupted: ended in order), 1 refused or failed,
 * 2 used wrongly, 130 given up by a signal.
 *
 * @param argv as `process.argv`
 */
export const run = async (argv: readonly string[]): Promise<void> => {
  try {
    await createProgram().parseAsync([...argv]);
  } catch (error) {
    process.exitCode = error instanceof CommanderError ? usageExitCode(error) : reportError(error);
  }
};

/** All commands, each with its manual. */
export const createProgram = (): Command => {
  const program = new Command('postern')
    .description('Remote management and software update for devices behind firewalls')
    .version(packageVersion(new URL('../package.json', import.meta.url)))
    .showHelpAfterError('(see --help)')
    .enablePositionalOptions()
    .exitOverride();
  for (const command of [
    demoCommand(),
    serverCommand(),
    intermediaryCommand(),
    deviceCommand(),
    firewallCommand(),
    doctorCommand(),
    conformanceCommand(),
    pkiCommand(),
    softwareCommand(),
    passwordsCommand(),
    updateCommand(),
    requestCommand(),
    noticeCommand(),
    fleetCommand(),
    siteCommand(),
    completionCommand(),
    stackCommand(),
  ]) {
    program.addCommand(inheritExit(command));
  }
  addManuals(program, manuals);
  return program;
};

/** Sub-commands do not inherit commander's settings. */
const inheritExit = (command: Command): Command => {
  command.exitOverride().showHelpAfterError('(see --help)');
  command.commands.forEach(inheritExit);
  return command;
};

const usageExitCode = (error: CommanderError): number => (error.exitCode === 0 ? 0 : 2);
