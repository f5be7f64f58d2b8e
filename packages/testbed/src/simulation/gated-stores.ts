import type { Life } from './life.ts';

/** Stores whose methods commit by themselves when they are called outside of a transaction. */
const READS =
  /^(?:get|find|page|all|open|count|waiting|response|journal|unfinished|has|read|next|overdue|needs|named|device|of)/;

/**
 * Stores as one life of a node sees them: the dead read and write nothing, and a life may end right before or right
 * after any durable write. Works on any record of stores, however deep: functions are calls, objects are further stores.
 */
export const gatedStores = <T extends object>(stores: T, life: Life): T => {
  let depth = 0;
  const gate = <U extends object>(target: U, path: string): U =>
    new Proxy(target, {
      get: (_, property) => {
        const value: unknown = Reflect.get(target, property);
        const name = path === '' ? String(property) : `${path}.${String(property)}`;
        if (typeof value === 'object' && value !== null) return gate(value, name);
        if (typeof value !== 'function') return value;
        return (...parameters: unknown[]): unknown => {
          const call = (): unknown => Reflect.apply(value, target, parameters);
          // Inside a transaction nothing is durable yet, so there is nothing to be lost between two writes.
          if (depth > 0 || READS.test(String(property))) return life.read(call);
          depth += 1;
          try {
            return life.write(name, call);
          } finally {
            depth -= 1;
          }
        };
      },
    });
  return gate(stores, '');
};
