import { systemClock } from '@postern/core';
import { openNodeIdentity } from '@postern/pki';
import type { OperatorSide } from '@postern/testbed/conformance';
import { Command, Option } from 'commander';
import { cliError } from '../../errors.ts';
import { readBytes } from '../../software-files.ts';
import { type CheckingOptions, checkTarget, contractUrl, withTarget } from './checking.ts';

interface ServerOptions extends CheckingOptions {
  readonly otherIdentity?: string;
  readonly outsider?: string;
  readonly operator?: string;
  readonly operatorTokenFile?: string;
  readonly operatorIdentity?: string;
}

/** `postern conformance server` */
export const serverCommand = (): Command =>
  withTarget(
    new Command('server').description(
      'check a management server, as an intermediary sees it, and an operator where it serves operator.wsdl',
    ),
    'that of an intermediary which no site uses',
  )
    .option('--other-identity <dir>', 'bundle of another such intermediary: what is not for it stays closed')
    .option('--outsider <dir>', 'bundle of another role, e.g. a device: it is turned away')
    .option('--operator <url>', 'where operator.wsdl is served, if it is')
    .addOption(
      new Option('--operator-token-file <file>', 'file with the operator token').conflicts(
        'operatorIdentity',
      ),
    )
    .option('--operator-identity <dir>', 'bundle of an operator, in place of the token')
    .action(async (options: ServerOptions) => {
      const { openServerTarget, serverChecks } = await import('@postern/testbed/conformance');
      const { otherIdentity, outsider } = options;
      await checkTarget(serverChecks, options, async (connection) => {
        const operator = await operatorSide(options);
        return openServerTarget({
          ...connection,
          ...(otherIdentity === undefined ? {} : { other: await bundle(otherIdentity) }),
          ...(outsider === undefined ? {} : { outsider: await bundle(outsider) }),
          ...(operator === undefined ? {} : { operator }),
        });
      });
    });

const bundle = (directory: string) => openNodeIdentity({ directory, clock: systemClock });

/** @throws PosternError `operator-access-missing`, `target-url-invalid` */
const operatorSide = async ({
  operator,
  operatorTokenFile,
  operatorIdentity,
}: ServerOptions): Promise<OperatorSide | undefined> => {
  if (operator === undefined) {
    if (operatorTokenFile === undefined && operatorIdentity === undefined) return undefined;
    throw cliError('operator-access-missing', 'There is a credential of an operator, but no --operator');
  }
  const url = contractUrl(operator);
  if (operatorIdentity !== undefined) return { url, node: await bundle(operatorIdentity) };
  if (operatorTokenFile !== undefined) {
    return { url, token: (await readBytes(operatorTokenFile)).toString('utf8').trim() };
  }
  throw cliError('operator-access-missing', 'There is --operator, but no credential of an operator');
};
