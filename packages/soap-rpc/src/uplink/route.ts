/** Intermediaries between a node and the management server, at most. */
export const LONGEST_ROUTE = 16;

/**
 * What is wrong with a route that an intermediary tells of, or brings.
 *
 * @param self the name of whoever is told, where it is an intermediary
 * @param path the intermediaries on the way, the one that tells included, in either direction
 * @returns the code of the refusal; undefined where nothing is wrong
 */
export const routeMistake = (
  self: string | undefined,
  path: readonly string[],
): 'route-loop' | 'route-too-long' | undefined => {
  if ((self !== undefined && path.includes(self)) || new Set(path).size < path.length) return 'route-loop';
  // The own name is still to be added.
  return path.length + (self === undefined ? 0 : 1) > LONGEST_ROUTE ? 'route-too-long' : undefined;
};
