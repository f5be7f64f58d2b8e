import { Instant } from '@postern/core';
import type { KeyRotationStore } from '../../domain/ports.ts';
import type { ServerDatabase } from './schema.ts';

export const keyRotationStore = (db: ServerDatabase): KeyRotationStore => ({
  all: () =>
    db
      .all(db.query.selectFrom('key_rotation').selectAll().orderBy('sequence'))
      .map(({ sequence, signed, accepted_at }) => ({ sequence, signed, acceptedAt: Instant(accepted_at) })),
  add: ({ sequence, signed, acceptedAt }) => {
    db.run(db.query.insertInto('key_rotation').values({ sequence, signed, accepted_at: acceptedAt }));
  },
});
