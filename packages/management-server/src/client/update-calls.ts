import type { device } from '@postern/contracts';
import type { StepView, UpdateView } from '../use-cases/views.ts';
import type { RestConnection } from './rest-connection.ts';
import { readEvents, type UpdateEvent } from './update-events.ts';

/** An order of an update. */
export interface OrderRequest {
  readonly deviceId: string;
  /** A software identifier (`sw-…`). */
  readonly software: string;
  readonly deadlineSeconds?: number;
  /** What is to be done otherwise than the site's configuration says. */
  readonly policy?: device.UpdatePolicy;
}

/** Updates: ordering, reading, watching, calling off. */
export const updateCalls = (connection: RestConnection) => ({
  async orderUpdate(order: OrderRequest): Promise<UpdateView> {
    return (await connection.post('/api/v1/updates', order)) as UpdateView;
  },

  async update(id: string): Promise<UpdateView> {
    return (await connection.get(`/api/v1/updates/${encodeURIComponent(id)}`)) as UpdateView;
  },

  async listUpdates(): Promise<readonly UpdateView[]> {
    return ((await connection.get('/api/v1/updates')) as { items: UpdateView[] }).items;
  },

  async journal(id: string): Promise<readonly StepView[]> {
    const path = `/api/v1/updates/${encodeURIComponent(id)}/journal`;
    return ((await connection.get(path)) as { items: StepView[] }).items;
  },

  async cancel(id: string): Promise<UpdateView> {
    return (await connection.post(`/api/v1/updates/${encodeURIComponent(id)}/cancel`, {})) as UpdateView;
  },

  /** The update's events from `lastEventId` on (or from its beginning) until it has finished or the signal aborts. */
  async *watch(id: string, signal: AbortSignal, lastEventId?: string): AsyncGenerator<UpdateEvent> {
    const path = `/api/v1/updates/${encodeURIComponent(id)}/events`;
    yield* connection.watch(path, readEvents, signal, lastEventId);
  },
});
