import { type OperatorOperations, operatorContract } from '@postern/contracts';
import { type Logger, PosternError } from '@postern/core';
import { createSoapService, type SoapHandlers, type SoapService } from '@postern/soap-rpc';
import type { OperatorUseCases } from '../../use-cases/operator-use-cases.ts';
import { problemOf, statusOf } from '../problem.ts';
import { operatorHandlers } from './operator-handlers.ts';

/**
 * The contract of back-office systems (docs/operator-contract.md): the use cases of the REST interface, in SOAP. Whoever
 * serves it has to see that the caller is an operator.
 */
export const createOperatorService = (useCases: OperatorUseCases, logger: Logger): SoapService =>
  createSoapService(operatorContract, withProblems(operatorHandlers(useCases), logger), {
    logger,
    clientCodes: (code) => statusOf(code) < 500,
  });

/** What REST answers as a problem is a fault here, with the same code, message and hint. */
const withProblems = (
  handlers: SoapHandlers<OperatorOperations>,
  logger: Logger,
): SoapHandlers<OperatorOperations> => {
  const guarded = Object.entries(handlers).map(([name, handler]) => {
    const call = handler as (...given: readonly unknown[]) => Promise<unknown>;
    return [
      name,
      async (...given: readonly unknown[]) => {
        try {
          return await call(...given);
        } catch (error) {
          const { code, message, hint } = problemOf(error, logger).problem;
          throw new PosternError(code, message, hint === undefined ? {} : { hint });
        }
      },
    ];
  });
  return Object.fromEntries(guarded) as SoapHandlers<OperatorOperations>;
};
