import type { Contract, OperationMap } from '@postern/contracts';
import type { CallContext, SoapHandlers } from './service-types.ts';

/**
 * The same handler for all operations of a contract: what is not served is listed nowhere, and an operation that is
 * added to a contract is refused until somebody serves it.
 */
export const everyOperation = <O extends OperationMap<O>>(
  contract: Contract<O>,
  handler: (request: unknown, context: CallContext) => Promise<never>,
): SoapHandlers<O> => {
  const handlers: Partial<SoapHandlers<O>> = {};
  for (const name of Object.keys(contract.operations) as (keyof O)[]) handlers[name] = handler;
  return handlers as SoapHandlers<O>;
};
