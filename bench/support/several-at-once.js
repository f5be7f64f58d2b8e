/** As many as the intermediary updates devices at a time. */
const AT_ONCE = 16;

/**
 * Works on a few items at a time.
 *
 * @template Item, Result
 * @param {readonly Item[]} items
 * @param {(item: Item) => Promise<Result>} work
 * @returns {Promise<Result[]>} In the order of the items.
 */
export const severalAtOnce = async (items, work) => {
  /** @type {Result[]} */
  const results = [];
  const waiting = items.entries();
  const worker = async () => {
    for (const [index, item] of waiting) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
};
