import { requestToJson, responseToJson, type types } from '@postern/contracts';
import type { OrderRecord, RequestRecord, WayDown } from '../domain/records.ts';
import { hasEnded, REQUEST_STATES, type RequestState } from '../domain/requests/request-state.ts';
import { SERVER_ERRORS } from '../errors.ts';
import { time, timeOrNull } from './views.ts';

/** A request to a device or an intermediary that is about no update, and what became of it. */
export interface RequestView {
  readonly id: string;
  readonly kind: RequestRecord['kind'];
  /** The order that it belongs to; null for FetchSoftware. */
  readonly order: string | null;
  /** The one that polls for it. */
  readonly intermediary: string;
  /** A device, or an intermediary itself. */
  readonly target: string;
  /** The intermediary that is to do it, at whatever depth; null where the target says it. */
  readonly at: string | null;
  readonly softwareId: string | null;
  readonly state: RequestState;
  /** How far the site is, once it has said so. */
  readonly phase: string | null;
  readonly orderedAt: string;
  readonly deadline: string;
  readonly endedAt: string | null;
  readonly answeredAt: string | null;
  /** What crossed the uplink for it: images that the site had already are not counted. */
  readonly fetchedBytes: number | null;
  readonly failure: types.Failure | null;
  /** The target's response, also where it came after the request had ended otherwise. */
  readonly answer: unknown;
  /** There is a response that is too long for a list: read the request itself. */
  readonly answerLeftOut: boolean;
}

/** How many requests are in which state. */
export type CountsByState = Readonly<Record<RequestState, number>>;

/** One order for all of its targets. */
export interface OrderView {
  readonly id: string;
  readonly kind: OrderRecord['body']['kind'];
  readonly arguments: unknown;
  readonly via: WayDown;
  readonly targets: number;
  readonly orderedAt: string;
  readonly deadline: string;
  /** Of those of its requests that are kept. */
  readonly states: CountsByState;
  /** All of its requests have ended. */
  readonly ended: boolean;
}

export const requestView = (record: RequestRecord): RequestView => {
  const { answer } = record;
  return {
    id: record.id,
    kind: record.kind,
    order: 'orderId' in record ? record.orderId : null,
    intermediary: record.intermediary,
    target: record.target,
    at: record.at ?? null,
    softwareId: record.kind === 'FetchSoftware' ? record.softwareId : null,
    state: record.state,
    phase: record.phase ?? null,
    orderedAt: time(record.orderedAt),
    deadline: time(record.expiresAt),
    endedAt: timeOrNull(record.endedAt),
    answeredAt: timeOrNull(record.answeredAt),
    fetchedBytes: answer?.kind === 'FetchSoftwareResponse' ? answer.value.fetchedBytes : null,
    failure: failureOf(record),
    answer: answer === undefined || answer.kind === 'Failure' ? null : responseToJson(answer),
    answerLeftOut: record.answered && answer === undefined,
  };
};

const failureOf = ({ answer, reason }: RequestRecord): types.Failure | null => {
  if (answer?.kind === 'Failure') return answer.value;
  return reason === undefined ? null : { code: reason, ...SILENCE[reason] };
};

const SILENCE: Readonly<Record<NonNullable<RequestRecord['reason']>, Omit<types.Failure, 'code'>>> = {
  'deadline-exceeded': {
    message: 'The site has not fetched the request before its deadline',
    hint: 'Check that the intermediary calls (GET /api/v1/intermediaries), and order again.',
  },
  'site-silent': {
    message: 'The site has fetched the request and told nothing of it',
    hint: SERVER_ERRORS['site-silent'],
  },
};

export const orderView = (record: OrderRecord, counts: ReadonlyMap<RequestState, number>): OrderView => ({
  id: record.id,
  kind: record.body.kind,
  arguments: requestToJson(record.body),
  via: record.via,
  targets: record.targets,
  orderedAt: time(record.orderedAt),
  deadline: time(record.expiresAt),
  states: Object.fromEntries(
    REQUEST_STATES.map((state) => [state, counts.get(state) ?? 0]),
  ) as unknown as CountsByState,
  ended: [...counts.keys()].every(hasEnded),
});
