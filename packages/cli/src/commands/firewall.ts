import { createPinoLogger, runUntilSignalled, Seconds, systemClock } from '@postern/core';
import { Command } from 'commander';
import { type LogLevel, logLevelOption } from '../log-option.ts';
import { type HostAndPort, hostAndPort, wholeNumber } from '../option-values.ts';
import { print } from '../output/print.ts';

interface FirewallOptions {
  readonly inside: HostAndPort;
  readonly to: HostAndPort;
  readonly outside?: HostAndPort;
  readonly status?: HostAndPort;
  readonly idleTimeout?: number;
  readonly rate?: number;
  readonly logLevel: LogLevel;
  readonly json?: boolean;
}

/**
 * `postern firewall`: the simulated firewall of a site as a process of its own, for a machine or container that is in
 * both networks.
 *
 * @spec T5
 */
export const firewallCommand = (): Command =>
  new Command('firewall')
    .description("run a site's simulated firewall until interrupted: what is opened from inside is forwarded")
    .requiredOption(
      '--inside <host:port>',
      'where nodes of the site connect: an address of the LAN',
      hostAndPort,
    )
    .requiredOption(
      '--to <host:port>',
      'where these connections go; a name is looked up for each',
      hostAndPort,
    )
    .option(
      '--outside <host:port>',
      "the site's public address: whoever connects there is refused, counted and logged",
      hostAndPort,
    )
    .option('--status <host:port>', 'answers GET / by HTTP with the counters', hostAndPort)
    .option('--idle-timeout <seconds>', 'drop connections on which nothing passed for so long', wholeNumber)
    .option('--rate <bytes>', 'a second, of each connection, each way', wholeNumber)
    .addOption(logLevelOption())
    .option('--json', 'print one JSON event a line')
    .addHelpText('after', '\nEach port holds 4096 connections at a time; the system refuses the rest.')
    .action((options: FirewallOptions) => runUntilSignalled(systemClock, () => start(options)));

const start = async ({ logLevel, json, idleTimeout, rate, ...options }: FirewallOptions) => {
  const { startFirewallProcess } = await import('../firewall/firewall-process.ts');
  const firewall = await startFirewallProcess({
    ...options,
    clock: systemClock,
    logger: createPinoLogger({ level: logLevel, name: 'firewall' }),
    idleTimeout: idleTimeout === undefined ? undefined : Seconds(idleTimeout),
    bytesPerSecond: rate,
  });
  const { inside, statusPort } = firewall;
  const { to } = options;
  print({ ...(json ? { json } : {}) }, { event: 'ready', role: 'firewall', inside, to, statusPort }, [
    `Firewall: ${inside.host}:${inside.port} leads to ${to.host}:${to.port}`,
  ]);
  return firewall;
};
