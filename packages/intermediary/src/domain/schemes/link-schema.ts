import { z } from 'zod';

const NODE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const MODEL_NAME = /^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$/;
const COMPONENT_NAME = /^[a-z0-9][a-z0-9.-]{0,31}$/;
const VERSION = /^[A-Za-z0-9][A-Za-z0-9.+_-]{0,63}$/;
const port = z.number().int().min(1).max(65_535);

/** What may be chosen for all devices of a site and for each; what is left out is left to the next that chooses. */
const choices = {
  credential: z.enum(['one-time-password', 'password-list']).optional(),
  passwordGenerator: z.enum(['updater', 'target']).optional(),
  eraser: z.enum(['updater', 'target']).optional(),
  invalidation: z.enum(['overwrite-random', 'overwrite-fixed', 'request']).optional(),
  tls: z.enum(['mutual', 'intermediary-authenticated', 'device-authenticated']).optional(),
};

/** How updates run at this site unless the device or the order says otherwise. */
export const schemeSchema = z.strictObject(choices);

/** What is special about single devices, by name. */
export const devicesSchema = z.record(
  z.string().regex(NODE_NAME, 'is no device name'),
  z.strictObject({
    ...choices,
    bulkPathKind: z.enum(['ftp', 'ftps-explicit', 'ftps-implicit', 'sftp']).optional(),
    /** Asks the device for the password it makes in plain HTTP; it comes over TLS all the same (Fig 21). */
    plainRequests: z.boolean().default(false),
    /** `intermediary` for one whose own software is updated from here. */
    role: z.enum(['device', 'intermediary']).optional(),
    /** Goes on with updates when the device does less for them than it once did (`assurance-lowered`). */
    allowLowerAssurance: z.boolean().optional(),
    /** What `postern passwords generate` wrote. */
    passwordListFile: z.string().min(1).optional(),
    /** Of a device that has no TLS to register with; with a password list only. */
    address: z
      .strictObject({
        host: z.string().min(1).max(255),
        bulkPort: port,
        plainPort: port,
        model: z.string().regex(MODEL_NAME, 'is no model name'),
        /** The versions it came with, by component; from then on its version reports count. */
        components: z.record(z.string().regex(COMPONENT_NAME), z.string().regex(VERSION)).default({}),
      })
      .optional(),
  }),
);
