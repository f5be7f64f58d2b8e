import type { Compilable, CompiledQuery } from 'kysely';

/** What a prepared query is built from: a place for each value that it is run with. */
export type Values = Readonly<Record<string, string | number | null>>;

/** A query without its values: SQL, and how to bind them. */
export interface PreparedQuery<V extends Values, Row> {
  bind(values: V): CompiledQuery<Row>;
}

class Place {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** Has a place under every name that is asked for. */
const places = new Proxy({}, { get: (_, name) => new Place(String(name)) });

/**
 * Builds and compiles a query once, at its first use: building takes several times as long as running. For hot paths.
 *
 * @param build names its values as `values.name`; it must neither look at them nor branch on them
 */
export const prepareQuery = <V extends Values, Row>(
  build: (values: V) => Compilable<Row>,
): PreparedQuery<V, Row> => {
  let compiled: CompiledQuery<Row> | undefined;
  return {
    bind: (values) => {
      compiled ??= build(places as V).compile();
      const parameters = compiled.parameters.map((parameter) =>
        parameter instanceof Place ? values[parameter.name] : parameter,
      );
      return { ...compiled, parameters };
    },
  };
};
