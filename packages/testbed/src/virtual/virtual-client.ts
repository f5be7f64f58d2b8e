import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { type Duration, PosternError, Seconds, toSeconds } from '@postern/core';
import type { OperatorClient } from '@postern/management-server/client';
import { type Domain, type OperatorUseCases, operatorUseCases } from '@postern/management-server/compose';
import { refuse } from '../faults/refusal.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface VirtualClientOptions {
  /** The server's, in the life that it has now. */
  readonly domain: () => Domain | undefined;
  /** What is uploaded, by digest. */
  readonly images: Map<string, Uint8Array>;
  readonly time: VirtualTime;
}

/** Longest page of a list. */
const MOST = 500;

/** The operators' client without REST in between: the same use cases, in memory. */
export const virtualClient = ({ domain, images, time }: VirtualClientOptions): OperatorClient => {
  const cases = (): OperatorUseCases => {
    const alive = domain();
    if (alive === undefined) throw new PosternError('unreachable', 'The management server does not run');
    return operatorUseCases(alive);
  };
  const held = (wait: Duration = Seconds(0), signal?: AbortSignal) =>
    [{ wait: String(toSeconds(wait)) }, { signal: signal ?? new AbortController().signal }] as const;
  return {
    hasImage: async (sha256) => images.has(sha256),
    putImage: async (sha256, _length, content) => {
      const bytes = await buffer(content);
      const digest = createHash('sha256').update(bytes).digest('hex');
      if (digest !== sha256) throw new PosternError('digest-mismatch', 'This is another image');
      images.set(sha256, bytes);
    },
    registerSoftware: async (signed) => (await cases().software.register(signed)).view,
    listSoftware: async () => cases().software.list({ limit: String(MOST) }).items,
    trustRotation: async () => refuse('rotate the vendor key', 'virtual'),
    vendorKeys: async () => refuse('list vendor keys', 'virtual'),
    timeKey: async () => refuse('read the time key', 'virtual'),
    listIntermediaries: async () => cases().intermediaries.list({ limit: String(MOST) }).items,
    pushSoftware: async (name, push) => (await cases().intermediaries.fetchSoftware(name, push)).view,
    listDevices: async () => cases().devices.list({ limit: String(MOST) }).items,
    device: async (id) => cases().devices.get(id),
    orderUpdate: async (order) => (await cases().updates.order(order, undefined)).view,
    update: async (id) => cases().updates.get(id, {}, held()[1]),
    listUpdates: async () => cases().updates.list({}).items,
    journal: async (id) => cases().updates.journal(id),
    cancel: async (id) => cases().updates.cancel(id),
    watch: () => refuse('watch events; await steps', 'virtual'),
    orderRequests: async (order, key) => cases().requests.order(order, key).view,
    order: (id, wait, signal) =>
      time.during(Promise.resolve(cases().requests.getOrder(id, ...held(wait, signal)))),
    request: (id, wait, signal) =>
      time.during(Promise.resolve(cases().requests.get(id, ...held(wait, signal)))),
    listRequests: async (filter, most = MOST) =>
      cases().requests.list({ ...filter, limit: String(Math.min(most, MOST)) }).items,
    withdrawRequest: async (id) => cases().requests.withdraw(id),
    listNotices: async ({ open, ...filter } = {}, most = MOST) =>
      cases().notices.list({
        ...filter,
        ...(open === undefined ? {} : { open: String(open) }),
        limit: String(Math.min(most, MOST)),
      }).items,
    notice: async (id) => cases().notices.get(id),
    answerNotice: async (id, answer) => cases().notices.answer(id, answer),
    watchNotices: () => refuse('watch notices; list them', 'virtual'),
    close: async () => {},
  };
};
