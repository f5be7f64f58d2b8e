import type { Life } from './life.ts';

/** Methods that read only; all others are taken for writes. */
const READS =
  /^(?:get|find|page|all|open|count|waiting|response|journal$|unfinished|has|next|overdue|needs|named|ofUpdate|list$|newest|items|fetches|entries|due$|use$|revision|changedSince|first$|since|children|device$|node|body$|bytes$|forTarget|image|is[A-Z])/;

/**
 * Stores as one life of a node sees them: the dead read and write nothing, and a life may end right before or right
 * after any durable write. Works on any record of stores, however deep: functions are calls, objects are further stores.
 */
export const gatedStores = <T extends object>(stores: T, life: Life): T => {
  let depth = 0;

  const gatedCall = (
    target: object,
    call: (...parameters: unknown[]) => unknown,
    name: string,
    reads: boolean,
  ) => {
    return (...parameters: unknown[]): unknown => {
      const work = (): unknown => Reflect.apply(call, target, parameters);
      // Inside a transaction nothing is durable yet, so there is nothing to be lost between two writes.
      if (reads || depth > 0) return life.read(work);
      depth += 1;
      try {
        return life.write(name, work);
      } finally {
        depth -= 1;
      }
    };
  };

  const gate = <U extends object>(target: U, path: string): U => {
    const gated = new Map<string | symbol, unknown>();
    return new Proxy(target, {
      get: (_, property) => {
        if (gated.has(property)) return gated.get(property);
        const value: unknown = Reflect.get(target, property);
        const name = path === '' ? String(property) : `${path}.${String(property)}`;
        const seen = isStore(value)
          ? gate(value, name)
          : isCall(value)
            ? gatedCall(target, value, name, READS.test(String(property)))
            : value;
        gated.set(property, seen);
        return seen;
      },
    });
  };

  return gate(stores, '');
};

const isStore = (value: unknown): value is object => typeof value === 'object' && value !== null;

const isCall = (value: unknown): value is (...parameters: unknown[]) => unknown =>
  typeof value === 'function';
