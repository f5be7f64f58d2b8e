import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { LastSeen } from '../../domain/last-seen.ts';
import { registerSoftware, type SoftwareParts } from '../../domain/register-software.ts';
import { serverError } from '../../errors.ts';
import { pageOf, pageQuery, signedRecord, valid } from './validate.ts';
import { auditView, deviceView, softwareView } from './views.ts';

export interface FleetRoutesParts {
  readonly software: SoftwareParts;
  readonly lastSeen: LastSeen;
}

const registration = z.strictObject({ signedManifest: signedRecord });

const auditQuery = pageQuery.omit({ after: true });
const named = z.strictObject({ id: z.string().max(64) });

/** Software, devices, and what was refused at the uplink. */
export const fleetRoutes =
  ({ software, lastSeen }: FleetRoutesParts) =>
  async (app: FastifyInstance): Promise<void> => {
    const { stores } = software;

    app.post('/software', async (request, reply) => {
      const { signedManifest } = valid(registration, request.body);
      const result = await registerSoftware(software, Buffer.from(signedManifest, 'base64'));
      reply.code(result.created ? 201 : 200);
      return { ...softwareView(result.software), warnings: result.warnings };
    });

    app.get('/software', async (request) => {
      const page = valid(pageQuery, request.query);
      return pageOf(stores.software.page(page), page.limit, ({ id }) => id, softwareView);
    });

    app.get('/audit', async (request) => {
      const { limit } = valid(auditQuery, request.query);
      return { items: stores.audit.newest(limit).map(auditView) };
    });

    app.get('/devices', async (request) => {
      const page = valid(pageQuery, request.query);
      return pageOf(
        stores.devices.page(page),
        page.limit,
        ({ information }) => information.deviceId,
        (record) => deviceView(record, lastSeen.get(record.intermediary)),
      );
    });

    app.get('/devices/:id', async (request) => {
      const { id } = valid(named, request.params);
      const record = stores.devices.find(id);
      if (record === undefined) throw serverError('device-unknown', `There is no device ${id}`);
      return deviceView(record, lastSeen.get(record.intermediary), stores.counters.find(id));
    });
  };
