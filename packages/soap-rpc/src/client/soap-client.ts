import { type Contract, type OperationMap, tokenise, type XmlLimits } from '@postern/contracts';
import { type Clock, type Duration, errorMessage, PosternError, Seconds, withDeadline } from '@postern/core';
import { EnvelopeReader } from '../envelope/envelope-reader.ts';
import { writeEnvelope } from '../envelope/envelope-writer.ts';
import { FaultReader } from '../envelope/fault-reader.ts';
import {
  CONTENT_TYPES,
  ENVELOPE_NAMESPACES,
  parseContentType,
  type SoapVersion,
} from '../envelope/soap-version.ts';
import type { ClientCode } from '../errors.ts';
import type { SoapTransport, SoapTransportResponse } from './transport.ts';

export interface SoapClientOptions {
  /** How messages travel: {@link createHttpTransport}, or {@link createServiceTransport} in memory. */
  readonly transport: SoapTransport;
  readonly clock: Clock;
  /** Default 1.1. */
  readonly soapVersion?: SoapVersion;
  /** For calls that name no deadline of their own; default 30 s. */
  readonly deadline?: Duration;
  readonly xmlLimits?: XmlLimits;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** From now until the whole answer is here. */
  readonly deadline?: Duration;
}

/** Calls the operations of a contract. */
export interface SoapClient<O extends OperationMap<O>> {
  /**
   * @throws PosternError of {@link ClientCode}, of the codec when the request does not fit the contract, or
   * {@link RemoteFault} with the other side's code
   */
  call<K extends keyof O & string>(
    operation: K,
    request: O[K]['request'],
    options?: CallOptions,
  ): Promise<O[K]['response']>;
  /** Closes the connections; calls that wait fail with `connection-lost`. */
  close(): Promise<void>;
}

/** A typed client of one contract at one place. */
export const createSoapClientOver = <O extends OperationMap<O>>(
  contract: Contract<O>,
  options: SoapClientOptions,
): SoapClient<O> => {
  const { transport, clock, soapVersion = '1.1', deadline: defaultDeadline = Seconds(30) } = options;
  return {
    call: async (name, request, { signal, deadline = defaultDeadline } = {}) => {
      const operation = contract.operations[name];
      const body = writeEnvelope(soapVersion, operation.request.write(request));
      const headers = requestHeaders(soapVersion, operation.soapAction);
      const answer = await withDeadline(clock, deadline, `The call of ${name}`, signal, (bounded) =>
        transport.send({ headers, body, signal: bounded }),
      );
      checkResponse(answer, soapVersion);
      let payload: FaultReader | ReturnType<typeof operation.response.reader> | undefined;
      const envelope = new EnvelopeReader(soapVersion, (namespace, element) => {
        const fault = namespace === ENVELOPE_NAMESPACES[soapVersion] && element === 'Fault';
        payload = fault ? new FaultReader() : operation.response.reader();
        return payload;
      });
      try {
        tokenise(answer.body, envelope, options.xmlLimits);
      } catch (cause) {
        throw responseInvalid(answer, errorMessage(cause), cause);
      }
      if (payload instanceof FaultReader) throw payload.toError(answer.status);
      if (payload === undefined || answer.status >= 300)
        throw responseInvalid(answer, 'no fault, but no success either');
      return payload.value;
    },
    close: () => transport.close(),
  };
};

const requestHeaders = (version: SoapVersion, action: string): Readonly<Record<string, string>> =>
  version === '1.1'
    ? { 'content-type': CONTENT_TYPES['1.1'], soapaction: `"${action}"` }
    : { 'content-type': `${CONTENT_TYPES['1.2']}; action="${action}"` };

const checkResponse = (answer: SoapTransportResponse, version: SoapVersion): void => {
  const type = parseContentType(answer.contentType);
  if (type?.version !== version) {
    throw responseInvalid(
      answer,
      `its content type is ${JSON.stringify((answer.contentType ?? '').slice(0, 60))}`,
    );
  }
};

const responseInvalid = (
  answer: SoapTransportResponse,
  reason: string,
  cause?: unknown,
): PosternError<ClientCode> =>
  new PosternError(
    'response-invalid',
    `The answer (HTTP ${answer.status}) is not what the contract says: ${reason}`,
    {
      cause,
      hint: 'Check that the address is that of the service, and that no proxy answers in its place.',
    },
  );
