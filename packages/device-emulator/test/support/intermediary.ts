import type { TLSSocket } from 'node:tls';
import { type IntermediaryOperations, type intermediary, intermediaryContract } from '@postern/contracts';
import { type NodeIdentity, PosternError, silentLogger, systemClock } from '@postern/core';
import { type EnrolledNode, peerIdentity, serverTlsOptions } from '@postern/pki';
import { type CallContext, createSoapListener, createSoapService, type SoapService } from '@postern/soap-rpc';
import { afterwards } from './temporary.ts';

/** A notice as it came in. */
export interface Received<T> {
  readonly path: 'secure' | 'plain';
  readonly peer: NodeIdentity | undefined;
  readonly notice: T;
}

/** What the test lets the intermediary answer to a device that makes passwords, orders, erases, calls or tells. */
export type TestAnswers = {
  -readonly [K in AnsweredOperation]?: (
    request: IntermediaryOperations[K]['request'],
  ) => Promise<IntermediaryOperations[K]['response']> | IntermediaryOperations[K]['response'];
};

type AnsweredOperation =
  | 'RequestOneTimePassword'
  | 'StoreOneTimePassword'
  | 'EraseOneTimePassword'
  | 'UserCall'
  | 'NotifySupply'
  | 'NotifyAbnormality';

/** An intermediary that only listens, as a device sees it. */
export interface TestIntermediary {
  readonly secureUrl: string;
  readonly noticeUrl: string;
  readonly starts: Received<intermediary.NotifyStart>[];
  readonly registrations: Received<intermediary.Register>[];
  /** Requests with an answer of the test, as they came in, whatever they were answered. */
  readonly requests: (Received<unknown> & { readonly operation: AnsweredOperation })[];
  /** What they are answered; an operation without an answer is refused. */
  readonly answers: TestAnswers;
  /** Start notifications that are refused before one is accepted. */
  refusals: number;
  /** The next start notification that is accepted from now on. */
  nextStart(signal?: AbortSignal): Promise<Received<intermediary.NotifyStart>>;
  /** Nobody answers from now on. */
  close(): Promise<void>;
}

/** @param clientAuthentication `none`: takes devices that prove nothing */
export const startIntermediary = async (
  node: EnrolledNode,
  clientAuthentication: 'required' | 'none' = 'required',
): Promise<TestIntermediary> => {
  const starts: Received<intermediary.NotifyStart>[] = [];
  const registrations: Received<intermediary.Register>[] = [];
  const requests: TestIntermediary['requests'] = [];
  const answers: TestAnswers = {};
  const waiting = new Set<(start: Received<intermediary.NotifyStart>) => void>();
  const state = { refusals: 0 };

  const answered =
    <K extends AnsweredOperation>(path: 'secure' | 'plain', operation: K) =>
    async (
      notice: IntermediaryOperations[K]['request'],
      { peer }: CallContext,
    ): Promise<IntermediaryOperations[K]['response']> => {
      requests.push({ path, peer, notice, operation });
      const answer: TestAnswers[K] = answers[operation];
      return answer === undefined ? unused() : answer(notice);
    };

  const service = (path: 'secure' | 'plain'): SoapService =>
    createSoapService(
      intermediaryContract,
      {
        NotifyStart: async (notice, { peer }) => {
          if (state.refusals > 0) {
            state.refusals -= 1;
            throw new PosternError('not-authorised', 'Refused by the test');
          }
          const received = { path, peer, notice };
          starts.push(received);
          for (const wake of [...waiting]) wake(received);
          return {};
        },
        Register: async (notice, { peer }) => {
          registrations.push({ path, peer, notice });
          return { active: true, intermediaryId: node.identity.name };
        },
        UserCall: answered(path, 'UserCall'),
        NotifySupply: answered(path, 'NotifySupply'),
        NotifyAbnormality: answered(path, 'NotifyAbnormality'),
        RequestOneTimePassword: answered(path, 'RequestOneTimePassword'),
        StoreOneTimePassword: answered(path, 'StoreOneTimePassword'),
        EraseOneTimePassword: answered(path, 'EraseOneTimePassword'),
      },
      { logger: silentLogger },
    );

  const common = { host: '127.0.0.1', port: 0, clock: systemClock, logger: silentLogger };
  const secure = await createSoapListener({
    ...common,
    services: { '/intermediary': service('secure') },
    tls: serverTlsOptions(node, { clientAuthentication }),
    peerIdentity: (socket) => peerIdentity(socket as TLSSocket),
  });
  const plain = await createSoapListener({ ...common, services: { '/intermediary': service('plain') } });
  const close = async (): Promise<void> => {
    await Promise.all([secure.close(), plain.close()]);
  };
  afterwards(close);

  return {
    secureUrl: `https://127.0.0.1:${secure.port}/intermediary`,
    noticeUrl: `http://127.0.0.1:${plain.port}/intermediary`,
    starts,
    registrations,
    requests,
    answers,
    close,
    get refusals() {
      return state.refusals;
    },
    set refusals(count) {
      state.refusals = count;
    },
    nextStart: (signal) =>
      new Promise((resolve, reject) => {
        const wake = (start: Received<intermediary.NotifyStart>): void => {
          waiting.delete(wake);
          resolve(start);
        };
        waiting.add(wake);
        signal?.addEventListener('abort', () => {
          waiting.delete(wake);
          reject(signal.reason);
        });
      }),
  };
};

const unused = async (): Promise<never> => {
  throw new PosternError('not-supported-yet', 'Not part of this test');
};
