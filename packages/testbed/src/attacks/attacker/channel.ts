import { type Clock, Seconds, withDeadline } from '@postern/core';

/** How long either side waits for a word of the other. */
const PATIENCE = Seconds(45);

/** What an attacker and the scene of its attack say to each other: data under a topic. */
export interface Channel {
  say(topic: string, data?: unknown): void;
  /** The next of this topic, also one that has come already. */
  hear<T>(topic: string): Promise<T>;
}

/** What goes through the pipe. */
export interface Message {
  readonly topic: string;
  readonly data: unknown;
}

/** The end of a channel in one of the two processes. */
export const channelOver = (
  clock: Clock,
  pipe: {
    readonly send: (message: Message) => void;
    readonly onMessage: (take: (message: unknown) => void) => void;
  },
): Channel => {
  const heard = new Map<string, unknown[]>();
  const waiting = new Map<string, (data: unknown) => void>();
  pipe.onMessage((message) => {
    const { topic, data } = message as Message;
    const waiter = waiting.get(topic);
    waiting.delete(topic);
    if (waiter !== undefined) waiter(data);
    else heard.set(topic, [...(heard.get(topic) ?? []), data]);
  });
  const next = (topic: string): Promise<unknown> => {
    const [first, ...rest] = heard.get(topic) ?? [];
    if (!heard.get(topic)?.length) return new Promise((resolve) => waiting.set(topic, resolve));
    heard.set(topic, rest);
    return Promise.resolve(first);
  };
  return {
    say: (topic, data) => pipe.send({ topic, data }),
    hear: <T>(topic: string) =>
      withDeadline(clock, PATIENCE, `Waiting to hear ${topic}`, undefined, () => next(topic)) as Promise<T>,
  };
};
