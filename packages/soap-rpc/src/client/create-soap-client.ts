import type { Contract, OperationMap } from '@postern/contracts';
import { createHttpTransport, type HttpTransportOptions } from './http-transport.ts';
import { createSoapClientOver, type SoapClient, type SoapClientOptions } from './soap-client.ts';

/** A typed client of a contract at a URL, with its own connections. */
export const createSoapClient = <O extends OperationMap<O>>(
  contract: Contract<O>,
  options: HttpTransportOptions & Omit<SoapClientOptions, 'transport'>,
): SoapClient<O> => createSoapClientOver(contract, { ...options, transport: createHttpTransport(options) });
