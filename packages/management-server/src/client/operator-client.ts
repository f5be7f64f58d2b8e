import { fleetCalls } from './fleet-calls.ts';
import { noticeCalls } from './notice-calls.ts';
import { requestCalls } from './request-calls.ts';
import { type OperatorClientOptions, RestConnection } from './rest-connection.ts';
import { updateCalls } from './update-calls.ts';

/** The REST API of the management server, typed. Refusals are PosternErrors with the server's code and hint. */
export type OperatorClient = ReturnType<typeof fleetCalls> &
  ReturnType<typeof updateCalls> &
  ReturnType<typeof requestCalls> &
  ReturnType<typeof noticeCalls> & {
    /** Ends its connections. */
    close(): Promise<void>;
  };

export const createOperatorClient = (options: OperatorClientOptions): OperatorClient => {
  const connection = new RestConnection(options);
  return {
    ...fleetCalls(connection),
    ...updateCalls(connection),
    ...requestCalls(connection),
    ...noticeCalls(connection),
    close: () => connection.close(),
  };
};
