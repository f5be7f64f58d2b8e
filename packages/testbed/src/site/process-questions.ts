import type { Writable } from 'node:stream';
import { PosternError } from '@postern/core';
import type { ProcessEvent } from '../devices/process-devices.ts';
import { testbedError } from '../errors.ts';

interface Open {
  readonly resolve: (answer: ProcessEvent) => void;
  readonly reject: (error: Error) => void;
}

/** Commands that were sent to a process, each with a number that comes back with its answer. */
export class ProcessQuestions {
  readonly #name: string;
  readonly #open = new Map<number, Open>();
  #last = 0;

  /** @param name of the process */
  constructor(name: string) {
    this.#name = name;
  }

  ask(question: object, input: Writable | undefined): Promise<ProcessEvent> {
    if (input === undefined) return Promise.reject(this.#gone());
    this.#last += 1;
    const ref = this.#last;
    return new Promise((resolve, reject) => {
      this.#open.set(ref, { resolve, reject });
      input.write(`${JSON.stringify({ ...question, ref })}\n`);
    });
  }

  take(event: ProcessEvent): void {
    const { ref, code, message } = event;
    if (typeof ref !== 'number') return;
    const open = this.#open.get(ref);
    this.#open.delete(ref);
    if (event['event'] !== 'command-refused') open?.resolve(event);
    else open?.reject(new PosternError(String(code), String(message)));
  }

  /** Nobody answers any more. */
  endAll(): void {
    for (const { reject } of this.#open.values()) reject(this.#gone());
    this.#open.clear();
  }

  #gone(): PosternError {
    return testbedError('tier-not-started', `${this.#name} does not run`);
  }
}
