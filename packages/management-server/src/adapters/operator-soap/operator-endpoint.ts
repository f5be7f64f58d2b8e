import type { TLSSocket } from 'node:tls';
import { type Clock, errorCode, type Logger } from '@postern/core';
import { peerIdentity } from '@postern/pki';
import { type CallRefusal, createSoapEndpoint, type SoapEndpoint } from '@postern/soap-rpc';
import type { OperatorUseCases } from '../../use-cases/operator-use-cases.ts';
import type { OperatorAccess, Visitor } from '../operator-access/operator-access.ts';
import { refusalHeaders } from '../operator-access/refusal-headers.ts';
import { problemOf } from '../problem.ts';
import { createOperatorService } from './operator-service.ts';

/** Where the contract is served, on the operators' port. */
export const OPERATOR_PATH = '/soap/operator';

export interface OperatorEndpointParts {
  readonly useCases: OperatorUseCases;
  readonly access: OperatorAccess;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Longest message, bytes. */
  readonly bodyBytes: number;
}

/** Basic comes first: every toolkit can send it, some only after they were asked. */
const CHALLENGES = ['Basic realm="postern", charset="UTF-8"', 'Bearer realm="postern"'];

/** The operators' contract behind the operators' door. */
export const createOperatorEndpoint = ({
  useCases,
  access,
  clock,
  logger,
  bodyBytes,
}: OperatorEndpointParts): SoapEndpoint =>
  createSoapEndpoint({
    services: { [OPERATOR_PATH]: createOperatorService(useCases, logger) },
    clock,
    logger,
    limits: { bodyBytes },
    peerIdentity: (socket) => peerIdentity(socket as TLSSocket),
    admit: ({ headers: { authorization } }, { peer, remoteAddress: address }) =>
      refusal(access, { peer, authorization, address }, logger),
  });

const refusal = (access: OperatorAccess, visitor: Visitor, logger: Logger): CallRefusal | undefined => {
  try {
    access.admit(visitor, OPERATOR_PATH);
    return undefined;
  } catch (error) {
    const { status, problem } = problemOf(error, logger);
    const headers = Object.entries(refusalHeaders(errorCode(error, ''), CHALLENGES)).flatMap(
      ([name, values]) => values.flatMap((value) => [name, value]),
    );
    return { status, ...problem, headers };
  }
};
