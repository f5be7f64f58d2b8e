import { systemClock, systemEntropy } from '@postern/core';
import { Command, Option } from 'commander';
import { readSettings } from '../config/load-config.ts';
import type { Finding } from '../doctor/finding.ts';
import { print, table } from '../output/print.ts';

interface DoctorOptions {
  readonly server?: boolean;
  readonly intermediary?: boolean;
  readonly device?: boolean;
  readonly config?: string;
  readonly set: readonly string[];
  readonly json?: boolean;
}

/** `postern doctor`: what keeps a tier from working on this machine, and what to do about it. Changes nothing. */
export const doctorCommand = (): Command =>
  new Command('doctor')
    .description('check this machine, and a tier by its configuration, and say what to do; changes nothing')
    .addOption(new Option('--server', 'check a management server').conflicts(['intermediary', 'device']))
    .addOption(new Option('--intermediary', 'check an intermediary').conflicts(['server', 'device']))
    .addOption(new Option('--device', 'check emulated devices').conflicts(['server', 'intermediary']))
    .option('--config <file>', 'the configuration of the tier, in YAML or JSON')
    .option('--set <key.path=value...>', 'a setting, as of the tier itself', [])
    .option('--json', 'print JSON')
    .action(async (options: DoctorOptions, command: Command) => {
      const patientsOf = await patientReader(options);
      if (patientsOf === undefined && options.config !== undefined) {
        command.error('error: --config needs --server, --intermediary or --device');
      }
      const { examine, examineMachine } = await import('../doctor/examine.ts');
      const ports = { clock: systemClock, entropy: systemEntropy };
      const findings = [
        ...(await examineMachine()),
        ...(patientsOf === undefined
          ? []
          : await examine(
              async () =>
                patientsOf(
                  await readSettings({
                    ...(options.config === undefined ? {} : { file: options.config }),
                    environment: process.env,
                    settings: options.set,
                  }),
                ),
              ports,
            )),
      ];
      print(options, findings, linesOf(findings));
      if (findings.some(({ verdict }) => verdict === 'fail')) process.exitCode = 1;
    });

const patientReader = async ({ server, intermediary, device }: DoctorOptions) => {
  const { devicePatients, intermediaryPatients, serverPatients } = await import('../doctor/patients.ts');
  if (server) return serverPatients;
  if (intermediary) return intermediaryPatients;
  return device ? devicePatients : undefined;
};

const linesOf = (findings: readonly Finding[]): readonly string[] => {
  const rows = table(findings.map(({ check, verdict, says }) => [verdict, check, says]));
  return rows.flatMap((row, at) => {
    const next = findings[at]?.next;
    return next === undefined ? [row] : [row, `      ${next}`];
  });
};
