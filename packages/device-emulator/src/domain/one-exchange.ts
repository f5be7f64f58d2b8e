import { deviceError } from '../errors.ts';

/** Lets one exchange run at a time; whoever asks for the same one again waits for its result. */
export type OneExchange<T> = (jobId: string, exchange: () => Promise<T>) => Promise<T>;

/** @throws PosternError `exchange-under-way` while that of another job runs */
export const oneExchange = <T>(): OneExchange<T> => {
  let current: { readonly jobId: string; readonly result: Promise<T> } | undefined;
  return (jobId, exchange) => {
    if (current?.jobId === jobId) return current.result;
    if (current !== undefined) {
      return Promise.reject(
        deviceError('exchange-under-way', 'The password of another job is being handed over'),
      );
    }
    const result = exchange().finally(() => {
      current = undefined;
    });
    current = { jobId, result };
    return result;
  };
};
