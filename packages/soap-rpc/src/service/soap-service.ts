import { type Contract, echo, type OperationMap, tokenise, type XmlSink } from '@postern/contracts';
import { type NodeIdentity, PosternError } from '@postern/core';
import { EnvelopeReader } from '../envelope/envelope-reader.ts';
import { writeEnvelope } from '../envelope/envelope-writer.ts';
import {
  CONTENT_TYPES,
  parseContentType,
  parseSoapAction,
  type SoapContentType,
} from '../envelope/soap-version.ts';
import type { ServiceCode } from '../errors.ts';
import { contentTypeUnsupported, faultResponse, handlerFault, requestFault } from './faults.ts';
import type {
  CallContext,
  SoapHandlers,
  SoapRequest,
  SoapService,
  SoapServiceOptions,
} from './service-types.ts';

/** An operation, ready to be called. */
interface Route {
  readonly name: string;
  readonly soapAction: string;
  readonly reader: () => XmlSink & { readonly value: unknown };
  /** Calls the handler and returns its answer as XML. */
  readonly call: (request: unknown, context: CallContext) => Promise<string>;
}

/** Serves a contract: strict reading, typed handlers, faults with codes. */
export const createSoapService = <O extends OperationMap<O>>(
  contract: Contract<O>,
  handlers: SoapHandlers<O>,
  options: SoapServiceOptions,
): SoapService => {
  const routes = routesOf(contract, handlers);

  const read = (request: SoapRequest, type: SoapContentType): { route: Route; value: unknown } => {
    let found: { route: Route; reader: XmlSink & { readonly value: unknown } } | undefined;
    const envelope = new EnvelopeReader(type.version, (namespace, name) => {
      const route = routes.get(`${namespace} ${name}`);
      if (route === undefined) throw operationUnknown(namespace, name);
      checkAction(type.version === '1.1' ? parseSoapAction(request.soapAction) : type.action, route);
      options.authorize?.(request.peer, route.name);
      found = { route, reader: route.reader() };
      return found.reader;
    });
    tokenise(request.body, envelope, options.xmlLimits);
    if (found === undefined) throw new Error('The envelope was read without its payload');
    return { route: found.route, value: found.reader.value };
  };

  return {
    file: contract.file,
    handle: async (request) => {
      const type = parseContentType(request.contentType);
      if (type === undefined) return faultResponse('1.1', contentTypeUnsupported(request.contentType), 415);
      const { version } = type;
      let call: { route: Route; value: unknown };
      try {
        call = read(request, type);
      } catch (error) {
        return faultResponse(version, requestFault(error, options.logger));
      }
      const operation = call.route.name;
      try {
        const payload = await call.route.call(call.value, new RequestContext(request, operation));
        return { status: 200, contentType: CONTENT_TYPES[version], body: writeEnvelope(version, payload) };
      } catch (error) {
        return faultResponse(version, handlerFault(error, operation, options));
      }
    },
  };
};

/** Asks the transport for the signal only when the handler does. */
class RequestContext implements CallContext {
  readonly peer: NodeIdentity | undefined;
  readonly remoteAddress: string;
  readonly operation: string;
  readonly #request: SoapRequest;

  constructor(request: SoapRequest, operation: string) {
    this.peer = request.peer;
    this.remoteAddress = request.remoteAddress;
    this.operation = operation;
    this.#request = request;
  }

  get signal(): AbortSignal {
    return this.#request.signal;
  }
}

const routesOf = <O extends OperationMap<O>>(
  contract: Contract<O>,
  handlers: SoapHandlers<O>,
): ReadonlyMap<string, Route> => {
  const names = Object.keys(contract.operations) as (keyof O & string)[];
  return new Map(
    names.map((name) => {
      const { request, response, soapAction } = contract.operations[name];
      const call: Route['call'] = async (value, context) => {
        const answer = await handlers[name](value as O[typeof name]['request'], context);
        return writeAnswer(() => response.write(answer));
      };
      return [
        `${request.namespace} ${request.name}`,
        { name, soapAction, reader: () => request.reader(), call },
      ];
    }),
  );
};

/** An answer that does not fit the contract is this side's mistake, whatever its code says. */
const writeAnswer = (write: () => string): string => {
  try {
    return write();
  } catch (cause) {
    throw new Error('The handler answered with what the contract does not allow', { cause });
  }
};

const operationUnknown = (namespace: string, name: string): PosternError<ServiceCode> =>
  new PosternError(
    'operation-unknown',
    `No operation of this contract is called ${echo(`{${namespace}}${name}`)}`,
  );

/** An action that is absent or empty says nothing; the body decides. */
const checkAction = (action: string | undefined, route: Route): void => {
  if (action === undefined || action === '' || action === route.soapAction) return;
  throw new PosternError<ServiceCode>(
    'soap-action-mismatch',
    `The action ${echo(action)} is not that of the operation ${route.name}`,
    { hint: `Send ${route.soapAction}, or none.` },
  );
};
