import { Hours, toSeconds } from '@postern/core';
import { z } from 'zod';
import type { LiveUpdates } from '../domain/live-updates.ts';
import type { Stores } from '../domain/ports.ts';
import type { UpdateRecord } from '../domain/records.ts';
import type { Updates } from '../domain/updates.ts';
import type { WaitingReads } from '../domain/waiting-reads.ts';
import { type Caller, holdUntil, wait } from './caller.ts';
import { identifier, nodeName, pageOf, pageQuery, seconds, valid } from './input.ts';
import { type Page, type StepView, stepView, type UpdateView, updateView } from './views.ts';

export interface UpdateParts {
  readonly stores: Stores;
  readonly updates: Updates;
  readonly live: LiveUpdates;
  readonly reads: WaitingReads;
}

const DEFAULT_DEADLINE = Hours(24);

/** UpdatePolicy of wsdl/device.xsd. */
const policy = z.strictObject({
  transferTries: z.int().min(1).max(255).exactOptional(),
  restartTimeoutSeconds: seconds.exactOptional(),
  passwordGenerator: z.enum(['updater', 'target']).exactOptional(),
  eraser: z.enum(['updater', 'target']).exactOptional(),
  invalidation: z.enum(['overwrite-random', 'overwrite-fixed', 'request']).exactOptional(),
  bulkPathKind: z.enum(['ftp', 'ftps-explicit', 'ftps-implicit', 'sftp']).exactOptional(),
});

const order = z.strictObject({
  deviceId: nodeName,
  software: identifier,
  deadlineSeconds: seconds.default(toSeconds(DEFAULT_DEADLINE)),
  // An empty policy is none.
  policy: policy.transform((chosen) => (Object.keys(chosen).length === 0 ? undefined : chosen)).optional(),
});
const listQuery = pageQuery.extend({ device: nodeName.optional() });
const waiting = z.strictObject({ wait });
const key = identifier.optional();

/** Updates as operators deal with them. */
export interface UpdateUseCases {
  order(
    body: unknown,
    idempotencyKey: unknown,
  ): Promise<{ readonly created: boolean; readonly view: UpdateView }>;
  /** Newest first. */
  list(query: unknown): Page<UpdateView>;
  /** What there is now. @throws PosternError `update-unknown` */
  find(id: unknown): UpdateRecord;
  /** With `wait`, not before its end, or so many seconds later. */
  get(id: unknown, query: unknown, caller: Caller): Promise<UpdateView>;
  journal(id: unknown): readonly StepView[];
  cancel(id: unknown): UpdateView;
  view(update: UpdateRecord): UpdateView;
}

export const updateUseCases = ({ stores, updates, live, reads }: UpdateParts): UpdateUseCases => {
  const softwareOf = ({ softwareId }: UpdateRecord) =>
    softwareId === undefined ? undefined : stores.software.find(softwareId);
  const view = (update: UpdateRecord) => updateView(update, softwareOf(update), live.progress(update.id));
  const find = (given: unknown): UpdateRecord => {
    const id = valid(identifier, given, 'id');
    updates.expireDue();
    return updates.find(id);
  };
  return {
    order: async (body, idempotencyKey) => {
      const { software: softwareId, ...ordered } = valid(order, body);
      const result = await updates.order({
        ...ordered,
        softwareId,
        idempotencyKey: valid(key, idempotencyKey, 'Idempotency-Key'),
      });
      return { created: result.created, view: view(result.update) };
    },
    list: (query) => {
      const { device, ...page } = valid(listQuery, query);
      updates.expireDue();
      return pageOf(stores.updates.page({ ...page, deviceId: device }), page.limit, ({ id }) => id, view);
    },
    find,
    get: async (id, query, caller) => {
      const { wait } = valid(waiting, query);
      const update = find(id);
      await holdUntil(reads, update.id, () => find(id).finishedAt !== undefined, wait, caller);
      return view(find(id));
    },
    journal: (id) => stores.journal.list(find(id).id).map(stepView),
    cancel: (id) => view(updates.cancel(valid(identifier, id, 'id'))),
    view,
  };
};
