import type { StepEvent } from '@postern/contracts';
import {
  type Closable,
  createPinoLogger,
  type Logger,
  runUntilSignalled,
  systemClock,
  systemEntropy,
} from '@postern/core';
import type { DeviceFleet } from '@postern/device-emulator';
import type { Intermediary } from '@postern/intermediary';
import type { IntermediaryConfig } from '@postern/intermediary/launch';
import { Command, Option } from 'commander';
import { readSettings } from '../config/load-config.ts';
import { addDeviceOptions, completeInput, type DeviceOptions } from '../device-fleet/device-input.ts';
import { type FleetProgress, progressLine, progressOf } from '../device-fleet/fleet-progress.ts';
import { type LogLevel, logLevelOption } from '../log-option.ts';
import { print } from '../output/print.ts';
import type { UpdatingServer } from '../server-updater.ts';
import { manufactureCommand } from './device-manufacture.ts';
import { withPanels } from './device-panel.ts';

// Each command loads only its own tier: a process should not pay for what it does not run.

/** What the three long-running commands have in common. */
interface NodeOptions extends DeviceOptions {
  readonly config?: string;
  readonly set: readonly string[];
  readonly logLevel: LogLevel;
  readonly stopWithParent?: boolean;
  readonly json?: boolean;
  readonly updater?: string;
  readonly interactive?: boolean;
  readonly steps?: boolean;
  readonly launched?: string;
}

/** Ends the process in order, with this exit code. */
type End = (exitCode: number) => void;

/** `postern server` */
export const serverCommand = (): Command =>
  nodeCommand('server', 'run a management server', async (input, logger, options) => {
    const { parseServerConfig, startManagementServer } = await import('@postern/management-server');
    const config = parseServerConfig(input);
    const server = await startManagementServer(config, ports(logger, options));
    const { uplinkPort, restPort, operatorTokenFile, timeKeyFile } = server;
    print(options, { event: 'ready', role: 'server', uplinkPort, restPort, operatorTokenFile, timeKeyFile }, [
      `Management server: uplink on port ${uplinkPort}, REST on port ${restPort}, token in ${operatorTokenFile}`,
      `Devices without a clock pin the time key in ${timeKeyFile}`,
    ]);
    if (options.updater === undefined) return server;
    const updater = await withUpdater(server, config.uplink.host, options.updater, ports(logger, options));
    const { name, securePort, noticePort } = updater;
    print(options, { event: 'ready', role: 'updater', name, securePort, noticePort }, [
      `Updater ${name}: devices call port ${securePort} (TLS) and ${noticePort} (start notifications)`,
    ]);
    return updater;
  }).option(
    '--updater <file>',
    'update devices that the server can reach: configuration of an intermediary without its `uplink`',
  );

/** Ends both; the server also where its updater cannot start. */
const withUpdater = async (
  server: UpdatingServer,
  uplinkHost: string,
  file: string,
  surroundings: ReturnType<typeof ports>,
) => {
  const { startServerUpdater } = await import('../server-updater.ts');
  try {
    const updater = await startServerUpdater({ file, server, uplinkHost, ...surroundings });
    const close = async (): Promise<void> => {
      await updater.close();
      await server.close();
    };
    return { ...updater, close };
  } catch (error) {
    await server.close();
    throw error;
  }
};

/** `postern intermediary` */
export const intermediaryCommand = (): Command =>
  nodeCommand(
    'intermediary',
    "run an intermediary behind a site's firewall",
    async (input, logger, options, end) => {
      const { parseConfig } = await import('@postern/intermediary/launch');
      const config = parseConfig(input);
      const { ownSoftware } = config;
      if (ownSoftware !== undefined && options.launched === undefined) {
        const { launchIntermediary } = await import('../intermediary-launcher/launcher.ts');
        const [, installed = '', ...argv] = process.argv;
        return launchIntermediary({
          ...ports(logger, options),
          config,
          ownSoftware,
          installed,
          argv,
          onEnded: end,
        });
      }
      const intermediary = await startProgram(config, ports(logger, options), options.launched, end);
      const { name, securePort, noticePort, belowPort } = intermediary;
      const { pid } = process;
      print(options, { event: 'ready', role: 'intermediary', name, securePort, noticePort, belowPort, pid }, [
        `Intermediary ${name}: devices call port ${securePort} (TLS) and ${noticePort} (start notifications)`,
        ...(belowPort === undefined ? [] : [`Intermediaries below call port ${belowPort}`]),
      ]);
      return intermediary;
    },
  ).addOption(
    new Option('--launched <version>', 'started by a launcher whose package has this version').hideHelp(),
  );

/** @param launched version of the launcher's package; undefined without a launcher */
const startProgram = async (
  config: IntermediaryConfig,
  surroundings: ReturnType<typeof ports>,
  launched: string | undefined,
  end: End,
): Promise<Intermediary> => {
  const { startIntermediary } = await import('@postern/intermediary');
  if (launched === undefined) return startIntermediary(config, surroundings);
  const { GOOD_START, RESTART_EXIT_CODE } = await import('@postern/intermediary/launch');
  const launch = {
    installedVersion: launched,
    restart: () => end(RESTART_EXIT_CODE),
    // A launcher that has gone meanwhile is no error: this process is about to end with it.
    goodStart: () => process.send?.(GOOD_START, undefined, undefined, () => {}),
  };
  return startIntermediary(config, { ...surroundings, launch });
};

/** `postern device` and `postern device manufacture` */
export const deviceCommand = (): Command =>
  addDeviceOptions(
    nodeCommand('device', 'run emulated devices', async (input, logger, options, _, signal) => {
      const tell = (line: string) => void process.stderr.write(`${line}\n`);
      const onProgress = (progress: FleetProgress): void => {
        if (options.json) print(options, { event: 'progress', ...progress }, []);
        else tell(progressLine(progress));
      };
      const completed = await completeInput(input, options, {
        ...ports(logger, options),
        signal,
        onProgress,
        tell,
      });
      const { startDeviceProcess } = await import('../device-process.ts');
      const { fleet, builtIn, close } = await startDeviceProcess(completed, {
        ...ports(logger, options),
        signal,
        ...(options.count === undefined
          ? {}
          : { onStarted: progressOf('started', options.count, onProgress) }),
        onEvent: (id, event) => {
          if (options.json) print(options, { event: 'device', id, ...event }, []);
        },
      });
      const { name, securePort, noticePort } = builtIn ?? {};
      const { panelUrl } = fleet;
      print(
        options,
        { event: 'ready', role: 'device', devices: describe(fleet), name, securePort, noticePort, panelUrl },
        [
          `${fleet.devices.size} emulated devices`,
          ...(panelUrl === undefined ? [] : [`Their panels: ${panelUrl}`]),
          ...(builtIn === undefined
            ? []
            : [`Intermediary function ${name}: devices call port ${securePort} (TLS) and ${noticePort}`]),
        ],
      );
      const running = { ...fleet, close };
      return options.interactive ? withPanels(running, options) : running;
    }),
  )
    .option(
      '--interactive',
      'press keys of the devices\' panels: one JSON command a line on standard input, e.g. {"command":"call-service","device":"mfp-1","reason":"It smells of toner"}',
    )
    // What stands behind `manufacture` belongs to it, also `--json`.
    .enablePositionalOptions()
    .addCommand(manufactureCommand());

const describe = ({ devices }: DeviceFleet): object[] =>
  [...devices.values()].map(({ id, program, versions, securePath, bulkPath, ports }) => ({
    id,
    program,
    versions,
    securePath,
    bulkPath,
    ports,
  }));

const nodeCommand = (
  name: string,
  description: string,
  start: (
    input: object,
    logger: Logger,
    options: NodeOptions,
    end: End,
    signal: AbortSignal,
  ) => Promise<Closable>,
): Command =>
  new Command(name)
    .description(`${description} until interrupted`)
    .option('--config <file>', 'configuration in YAML or JSON; its keys: docs/operations.md')
    .option(
      '--set <key.path=value...>',
      'a setting; wins over POSTERN_… variables, which win over the file',
      [],
    )
    .addOption(logLevelOption())
    .option('--stop-with-parent', 'end when standard input ends')
    .option('--json', 'print one JSON event a line')
    .option('--steps', 'print each step of updates, requests and calls that this process takes')
    .action(async (options: NodeOptions) => {
      const input = await readSettings({
        ...(options.config === undefined ? {} : { file: options.config }),
        environment: process.env,
        settings: options.set,
      });
      const logger = createPinoLogger({ level: options.logLevel, name });
      let end: End = () => {};
      const ended = new Promise<void>((resolve) => {
        end = (exitCode) => {
          process.exitCode = exitCode;
          resolve();
        };
      });
      await runUntilSignalled(systemClock, (signal) => start(input, logger, options, end, signal), {
        stopWithParent: options.stopWithParent === true,
        ended,
      });
    });

const ports = (logger: Logger, options: NodeOptions) => ({
  clock: systemClock,
  entropy: systemEntropy,
  logger,
  ...(options.steps
    ? { onStep: (step: StepEvent) => print(options, { event: 'step', ...step }, [stepLine(step)]) }
    : {}),
});

const stepLine = ({ step, node, subject = '' }: StepEvent): string => `${step} ${node} ${subject}`.trimEnd();
