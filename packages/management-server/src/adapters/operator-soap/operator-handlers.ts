import { type OperatorOperations, requestToJson } from '@postern/contracts';
import type { SoapHandlers } from '@postern/soap-rpc';
import type { OperatorUseCases } from '../../use-cases/operator-use-cases.ts';
import { contractForm, noticeForm, orderForm, pageForm, requestForm } from './contract-form.ts';

/** The operations of the operators' contract, each one a use case of the operators. */
export const operatorHandlers = ({
  devices,
  intermediaries,
  software,
  updates,
  requests,
  notices,
}: OperatorUseCases): SoapHandlers<OperatorOperations> => ({
  ListDevices: async ({ withCounters: counters, ...query }) =>
    answer('ListDevicesResponse', pageForm('device', devices.list({ ...query, counters }))),
  GetDevice: async ({ deviceId }) => answer('GetDeviceResponse', { device: devices.get(deviceId) }),

  ListIntermediaries: async (query) =>
    answer('ListIntermediariesResponse', pageForm('intermediary', intermediaries.list(query))),

  ListSoftware: async (query) => answer('ListSoftwareResponse', pageForm('software', software.list(query))),
  RegisterSoftware: async ({ signedManifest }) => {
    const { view } = await software.register(signedManifest);
    return answer('RegisterSoftwareResponse', { software: view });
  },

  OrderUpdate: async ({ idempotencyKey, ...order }) => {
    const { view } = await updates.order(order, idempotencyKey);
    return answer('OrderUpdateResponse', { update: view });
  },
  GetUpdate: async ({ updateId, waitSeconds: wait }, caller) =>
    answer('GetUpdateResponse', { update: await updates.get(updateId, { wait }, caller) }),
  ListUpdates: async ({ deviceId: device, ...query }) =>
    answer('ListUpdatesResponse', pageForm('update', updates.list({ ...query, device }))),
  GetUpdateJournal: async ({ updateId }) =>
    answer('GetUpdateJournalResponse', { journal: updates.journal(updateId) }),
  CancelUpdate: async ({ updateId }) => answer('CancelUpdateResponse', { update: updates.cancel(updateId) }),

  OrderRequests: async ({ request: { body }, targets, idempotencyKey, ...order }) => {
    const asked = { kind: body.kind, arguments: requestToJson(body), targets: targets?.target };
    const { view } = requests.order({ ...order, ...asked }, idempotencyKey);
    return answer('OrderRequestsResponse', { order: orderForm(view) });
  },
  GetOrder: async ({ orderId, waitSeconds: wait }, caller) => {
    const order = await requests.getOrder(orderId, { wait }, caller);
    return answer('GetOrderResponse', { order: orderForm(order) });
  },
  GetRequest: async ({ requestId, waitSeconds: wait }, caller) => {
    const request = await requests.get(requestId, { wait }, caller);
    return answer('GetRequestResponse', { request: requestForm(request) });
  },
  ListRequests: async ({ orderId: order, ...query }) =>
    answer('ListRequestsResponse', pageForm('request', requests.list({ ...query, order }), requestForm)),
  WithdrawRequest: async ({ requestId }) =>
    answer('WithdrawRequestResponse', { request: requestForm(requests.withdraw(requestId)) }),

  ListNotices: async ({ deviceId: device, ...query }) =>
    answer('ListNoticesResponse', pageForm('notice', notices.list({ ...query, device }), noticeForm)),
  FollowNotices: async ({ deviceId: device, waitSeconds: wait, ...query }, caller) => {
    const page = await notices.follow({ ...query, device, wait }, caller);
    return answer('FollowNoticesResponse', pageForm('notice', page, noticeForm));
  },
  GetNotice: async ({ noticeId }) =>
    answer('GetNoticeResponse', { notice: noticeForm(notices.get(noticeId)) }),
  AnswerCall: async ({ noticeId, ...said }) =>
    answer('AnswerCallResponse', { notice: noticeForm(notices.answer(noticeId, said)) }),
});

/** The responses of the contract, by name. */
type Responses = {
  readonly [Name in keyof OperatorOperations &
    string as `${Name}Response`]: OperatorOperations[Name]['response'];
};

const answer = <Name extends keyof Responses>(name: Name, view: unknown): Responses[Name] =>
  contractForm<Responses[Name]>(`operator.${name}`, view);
