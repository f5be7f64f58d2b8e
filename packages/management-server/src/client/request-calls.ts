import type { RemoteRequestKind, RequestKind } from '@postern/contracts';
import type { Duration } from '@postern/core';
import type { RequestState } from '../domain/requests/request-state.ts';
import type { OrderView, RequestView } from '../use-cases/request-views.ts';
import { MOST_ITEMS, type RestConnection } from './rest-connection.ts';

/** Something that is asked of devices or intermediaries. */
export interface RequestsOrder {
  readonly kind: RemoteRequestKind;
  /** Names; or, instead of them, what is true of all the devices that are meant. */
  readonly targets?: readonly string[];
  readonly selector?: {
    readonly intermediary?: string;
    readonly model?: string;
    readonly profile?: string;
  };
  /** With `Activate` and targets: the intermediary that has found the devices, where none reports them yet. */
  readonly at?: string;
  /** In the JSON form of the contract (`requestToJson`). */
  readonly arguments?: unknown;
  readonly deadlineSeconds?: number;
  /** By poll unless given; `mail`: by mail, and by poll all the same. */
  readonly via?: 'poll' | 'mail';
}

/** Which requests are listed; what is absent is not asked for. */
export interface RequestListFilter {
  readonly order?: string;
  readonly target?: string;
  readonly intermediary?: string;
  readonly kind?: RequestKind;
  readonly state?: RequestState;
}

/** Requests to devices and intermediaries, about no update. */
export const requestCalls = (connection: RestConnection) => ({
  /**
   * Asks something of devices or intermediaries: one request for each.
   *
   * @param idempotencyKey ordering again with it and the same content gives the first order
   */
  async orderRequests(order: RequestsOrder, idempotencyKey?: string): Promise<OrderView> {
    const headers = idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey };
    return (await connection.post('/api/v1/requests', order, headers)) as OrderView;
  },

  /**
   * An order and how many of its requests are in which state.
   *
   * @param wait how long to wait for the end of all of them, at most 50 seconds
   */
  async order(id: string, wait?: Duration, signal?: AbortSignal): Promise<OrderView> {
    return (await connection.waiting(`/api/v1/orders/${encodeURIComponent(id)}`, wait, signal)) as OrderView;
  },

  /**
   * A request that is about no update.
   *
   * @param wait how long to wait for its end, at most 50 seconds
   */
  async request(id: string, wait?: Duration, signal?: AbortSignal): Promise<RequestView> {
    return (await connection.waiting(
      `/api/v1/requests/${encodeURIComponent(id)}`,
      wait,
      signal,
    )) as RequestView;
  },

  /** Newest first, without long answers. */
  async listRequests(filter: RequestListFilter = {}, most = MOST_ITEMS): Promise<readonly RequestView[]> {
    return connection.all<RequestView>('/api/v1/requests', new URLSearchParams({ ...filter }), most);
  },

  async withdrawRequest(id: string): Promise<RequestView> {
    return (await connection.post(`/api/v1/requests/${encodeURIComponent(id)}/withdraw`, {})) as RequestView;
  },
});
