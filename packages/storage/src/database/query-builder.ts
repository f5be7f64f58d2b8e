import {
  type DatabaseConnection,
  type Driver,
  Kysely,
  type LimitNode,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { storageError } from '../errors.ts';

/** Kysely as a typed SQL builder only: it compiles; running is the synchronous database's part. */
export const queryBuilder = <Schema>(): Kysely<Schema> =>
  new Kysely<Schema>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => refusingDriver,
      createIntrospector: (database) => new SqliteIntrospector(database),
      createQueryCompiler: () => new StablePlanCompiler(),
    },
  });

/**
 * SQLite looks at the value that is bound to a bare `LIMIT ?` while it plans, and plans again whenever the value is
 * bound: that takes twenty times as long as a short query. It does not look into an expression.
 */
class StablePlanCompiler extends SqliteQueryCompiler {
  protected override visitLimit(node: LimitNode): void {
    this.append('limit 0 + ');
    this.visitNode(node.limit);
  }
}

const refuse = (): Promise<never> =>
  Promise.reject<never>(
    storageError('query-not-synchronous', 'execute() was called on a query that only builds SQL', {
      hint: 'Pass the query to all(), get() or run() of the database.',
    }),
  );

const refusingDriver: Driver = {
  init: () => Promise.resolve(),
  acquireConnection: (): Promise<DatabaseConnection> => refuse(),
  beginTransaction: refuse,
  commitTransaction: refuse,
  rollbackTransaction: refuse,
  releaseConnection: () => Promise.resolve(),
  destroy: () => Promise.resolve(),
};
