import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Stores } from '../../domain/ports.ts';
import type { DeviceUseCases } from '../../use-cases/devices.ts';
import { pageQuery, signedRecord, valid } from '../../use-cases/input.ts';
import type { SoftwareUseCases } from '../../use-cases/software.ts';
import { auditView } from '../../use-cases/views.ts';
import { named } from './named.ts';

export interface FleetRoutesParts {
  readonly stores: Pick<Stores, 'audit'>;
  readonly devices: DeviceUseCases;
  readonly software: SoftwareUseCases;
}

const registration = z.strictObject({ signedManifest: signedRecord });

const auditQuery = pageQuery.omit({ after: true });

/** Software, devices, and what was refused. */
export const fleetRoutes =
  ({ stores, devices, software }: FleetRoutesParts) =>
  async (app: FastifyInstance): Promise<void> => {
    app.post('/software', async (request, reply) => {
      const { signedManifest } = valid(registration, request.body);
      const { created, view } = await software.register(Buffer.from(signedManifest, 'base64'));
      reply.code(created ? 201 : 200);
      return view;
    });

    app.get('/software', async (request) => software.list(request.query));

    app.get('/audit', async (request) => {
      const { limit } = valid(auditQuery, request.query);
      return { items: stores.audit.newest(limit).map(auditView) };
    });

    app.get('/devices', async (request) => devices.list(request.query));

    app.get('/devices/:id', async (request) => devices.get(named(request)));
  };
