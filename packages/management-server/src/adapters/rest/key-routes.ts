import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { VendorKeys } from '../../domain/vendor-keys.ts';
import { signedRecord, valid } from '../../use-cases/input.ts';
import { keyView, rotationView, type TimeKeyView, type VendorKeysView } from '../../use-cases/site-views.ts';
import type { TimeKey } from '../time-key.ts';

export interface KeyRoutesParts {
  readonly vendorKeys: VendorKeys;
  readonly timeKey: Pick<TimeKey, 'keyId' | 'publicKeyPem'>;
}

const rotation = z.strictObject({ signedRotation: signedRecord });

/** Whose software this server takes, and whose word on the time devices without a clock take. */
export const keyRoutes =
  ({ vendorKeys, timeKey }: KeyRoutesParts) =>
  async (app: FastifyInstance): Promise<void> => {
    const view = (): VendorKeysView => {
      const { sequence, threshold, keys } = vendorKeys.trust;
      return {
        sequence,
        threshold,
        keys: [...keys.values()].map(keyView),
        rotations: vendorKeys.rotations.map(rotationView),
      };
    };

    app.get('/vendor-keys', async () => view());

    app.post('/vendor-keys/rotations', async (request, reply) => {
      const { signedRotation } = valid(rotation, request.body);
      const { created } = vendorKeys.follow(Buffer.from(signedRotation, 'base64'));
      reply.code(created ? 201 : 200);
      return view();
    });

    app.get('/time-key', async (): Promise<TimeKeyView> => {
      const { keyId, publicKeyPem } = timeKey;
      return { keyId, publicKeyPem };
    });
  };
