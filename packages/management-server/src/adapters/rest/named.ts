import type { FastifyRequest } from 'fastify';

/** What `:id` of a path is; whoever uses it checks it. */
export const named = ({ params }: FastifyRequest): unknown => (params as { readonly id?: unknown }).id;

/** The key under which an order is repeated. */
export const idempotencyKey = ({ headers }: FastifyRequest): unknown => headers['idempotency-key'];
