import { type NodeIdentity, PosternError } from '@postern/core';
import type { SoapRequest } from '../service/service-types.ts';

/** A request as the service sees it, until its answer is sent. */
export class HttpCall implements SoapRequest {
  readonly contentType: string | undefined;
  readonly soapAction: string | undefined;
  readonly body: Uint8Array;
  readonly peer: NodeIdentity | undefined;
  readonly remoteAddress: string;
  readonly #closing: AbortSignal;
  #controller: AbortController | undefined;
  #unwatch: (() => void) | undefined;
  #gone = false;

  /** @param closing aborts when the listener closes */
  constructor(request: Omit<SoapRequest, 'signal'>, closing: AbortSignal) {
    this.contentType = request.contentType;
    this.soapAction = request.soapAction;
    this.body = request.body;
    this.peer = request.peer;
    this.remoteAddress = request.remoteAddress;
    this.#closing = closing;
  }

  /**
   * Aborts when the client goes away or the listener closes. Made when a handler first asks for it: most calls are
   * answered without one, and it costs more than reading the message.
   */
  get signal(): AbortSignal {
    this.#controller ??= this.#watch(new AbortController());
    return this.#controller.signal;
  }

  /** The exchange is over; unless the answer was sent, the client has gone away. */
  end(answered: boolean): void {
    this.#gone = !answered;
    this.#unwatch?.();
    if (!answered) this.#controller?.abort(clientGone());
  }

  #watch(controller: AbortController): AbortController {
    const closing = this.#closing;
    const onClosing = (): void => controller.abort(closing.reason);
    if (this.#gone) controller.abort(clientGone());
    else if (closing.aborted) onClosing();
    else closing.addEventListener('abort', onClosing, { once: true });
    this.#unwatch = () => closing.removeEventListener('abort', onClosing);
    return controller;
  }
}

const clientGone = (): PosternError => new PosternError('cancelled', 'The client went away');
