import type { ServerCode } from '../../errors.ts';

/**
 * What goes with a refusal of this code in the head of the answer (RFC 9110 §11.6.1, §10.2.3).
 *
 * @param challenges the ways to prove to be an operator
 */
export const refusalHeaders = (
  code: string,
  challenges: readonly string[],
): Readonly<Record<string, readonly string[]>> => {
  const known = code as ServerCode;
  return {
    ...(known === 'token-required' || known === 'too-many-failed-tries'
      ? { 'www-authenticate': challenges }
      : {}),
    ...(known === 'too-many-failed-tries' ? { 'retry-after': ['60'] } : {}),
  };
};
