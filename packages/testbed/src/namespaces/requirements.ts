import { testbedError } from '../errors.ts';
import { type CommandEnd, tryCommand } from './command.ts';

/** The programs that namespaces are made with, and the Debian packages that have them. */
const PROGRAMS: Readonly<Record<string, string>> = {
  ip: 'iproute2',
  ss: 'iproute2',
  tc: 'iproute2',
  nft: 'nftables',
  nsenter: 'util-linux',
  unshare: 'util-linux',
};

/**
 * Looks whether network namespaces can be made here.
 *
 * @param run how programs are run
 * @throws PosternError `namespaces-unavailable` that names what is missing, and how to get it
 */
export const requireNamespaces = (
  run: (command: readonly string[]) => Pick<CommandEnd, 'status'> = tryCommand,
  platform: string = process.platform,
): void => {
  if (platform !== 'linux') unavailable('Network namespaces are a part of Linux');
  const missing = Object.keys(PROGRAMS).filter((program) => run([program, '-V']).status !== 0);
  if (missing.length > 0) {
    const packages = [...new Set(missing.map((program) => PROGRAMS[program]))].join(' ');
    unavailable(
      `Missing: ${missing.join(', ')}. Install with "apt-get install --no-install-recommends ${packages}"`,
    );
  }
  if (run(['unshare', '--net', 'true']).status !== 0) {
    unavailable('Making network namespaces takes root. Run as root, or inside "unshare -Urnm"');
  }
  if (run(['unshare', '--net', 'nft', 'list', 'ruleset']).status !== 0) {
    unavailable('This kernel has no nftables, or does not let it be used here');
  }
};

const unavailable = (message: string): never => {
  throw testbedError('namespaces-unavailable', message);
};
