import {
  type Contract,
  deviceContract,
  intermediaryContract,
  type OperationMap,
  operatorContract,
  uplinkContract,
} from '@postern/contracts';
import { PosternError, silentLogger } from '@postern/core';
import { createSoapService, everyOperation, type SoapHandlers, type SoapService } from '@postern/soap-rpc';
import { keyOf, typeOf } from './element-keys.ts';
import { exampleOf, variantsOf } from './example-values.ts';

/** A call as it came: what was read of it, and its bytes. */
export interface RecordedCall {
  readonly operation: string;
  readonly value: unknown;
  readonly contentType: string | undefined;
  readonly soapAction: string | undefined;
  readonly body: string;
}

/** A contract with what is asked of it here. */
export interface ContractCalls {
  readonly name: string;
  readonly calls: readonly ExampleCall[];
  /** Answers every operation with an example, or refuses all; tells what came. */
  serve(refusing: boolean, record: (call: RecordedCall) => void): SoapService;
}

/** One call of an operation, and what it is answered with. */
export interface ExampleCall {
  readonly operation: string;
  readonly request: unknown;
  readonly requestType: string;
  readonly answer: unknown;
  readonly answerType: string;
  readonly requestXml: string;
  /** Reads an answer that a toolkit has written again. */
  readonly requestKey: string;
  readonly answerKey: string;
}

export const REFUSAL = {
  code: 'device-unknown',
  message: 'There is no device <x> & "y"',
  hint: 'Adopt it first.',
};

const contractCalls = <O extends OperationMap<O>>(contract: Contract<O>): ContractCalls => {
  const operations = Object.values(contract.operations) as readonly Contract<O>['operations'][keyof O][];
  const calls = operations.flatMap(({ name, request, response }) => {
    const [requestKey, answerKey] = [keyOf(request), keyOf(response)];
    return Array.from({ length: variantsOf(requestKey) }, (_, variant): ExampleCall => {
      const value = exampleOf(requestKey, variant);
      return {
        operation: name,
        request: value,
        requestKey,
        requestType: typeOf(requestKey),
        requestXml: request.write(value as never),
        answer: exampleOf(answerKey),
        answerKey,
        answerType: typeOf(answerKey),
      };
    });
  });
  const serve = (refusing: boolean, record: (call: RecordedCall) => void): SoapService => {
    let read: { readonly operation: string; readonly value: unknown } | undefined;
    const handlers = everyOperation(contract, async (value, { operation }) => {
      read = { operation, value };
      if (refusing) {
        throw new PosternError(REFUSAL.code, REFUSAL.message, { hint: REFUSAL.hint });
      }
      return exampleOf(calls.find((call) => call.operation === operation)?.answerKey ?? '') as never;
    });
    const service = createSoapService(contract, handlers as SoapHandlers<O>, { logger: silentLogger });
    return {
      file: service.file,
      handle: async (request) => {
        read = undefined;
        const answer = await service.handle(request);
        const { contentType, soapAction } = request;
        const body = Buffer.from(request.body).toString();
        record({ operation: '', value: undefined, ...(read ?? {}), contentType, soapAction, body });
        return answer;
      },
    };
  };
  return { name: contract.name.toLowerCase(), calls, serve };
};

export const CONTRACTS: readonly ContractCalls[] = [
  contractCalls(deviceContract),
  contractCalls(intermediaryContract),
  contractCalls(uplinkContract),
  contractCalls(operatorContract),
];
