import { z } from 'zod';
import { MOST_UNITS } from '../control/engine-types.ts';
import { deviceError } from '../errors.ts';
import type { PageDevice } from './page-device.ts';

/** A key, or a hand at the machine: what has to come with it, and what it does. Its result shows on the page. */
interface Key<T> {
  readonly body: z.ZodType<T>;
  readonly press: (device: PageDevice, body: T) => unknown;
}

const key = <T>(body: z.ZodType<T>, press: Key<T>['press']) => ({
  press: (device: PageDevice, given: unknown): unknown => {
    const parsed = body.safeParse(given);
    if (!parsed.success) throw deviceError('panel-request-invalid', 'The key does not take this');
    return press(device, parsed.data);
  },
});

const name = z.string().min(1).max(64);
const nothing = z.strictObject({});

const KEYS: Readonly<Record<string, { press(device: PageDevice, given: unknown): unknown }>> = {
  // These two end when somebody else has answered: nobody waits for them here.
  'call-service': key(z.strictObject({ reason: z.string().max(200).default('') }), (device, call) => {
    void device.callService(call);
  }),
  'order-update': key(nothing, (device) => {
    void device.orderUpdate();
  }),
  'energy-saver': key(nothing, (device) => device.pressEnergySaver()),
  start: key(
    z.strictObject({ kind: name, units: z.int().min(1).max(MOST_UNITS).default(1) }),
    (device, order) => device.pressStart(order),
  ),
  cancel: key(z.strictObject({ job: z.int().min(1) }), (device, { job }) => device.cancelJob(job)),
  trouble: key(z.strictObject({ what: z.enum(['paper-jam', 'engine-failure']) }), (device, { what }) =>
    device.trouble(what),
  ),
  mend: key(nothing, (device) => device.mend()),
  refill: key(z.strictObject({ supply: name }), (device, { supply }) => device.refill(supply)),
  power: key(z.strictObject({ on: z.boolean() }), (device, { on }) =>
    on ? device.powerOn() : device.powerOff(),
  ),
};

/**
 * Presses a key of a device.
 *
 * @throws PosternError `panel-unknown`, `panel-request-invalid`, and those of the device
 */
export const press = async (device: PageDevice, name: string, body: unknown): Promise<void> => {
  const pressed = Object.hasOwn(KEYS, name) ? KEYS[name] : undefined;
  if (pressed === undefined) throw deviceError('panel-unknown', 'The panel has no such key');
  await pressed.press(device, body);
};
