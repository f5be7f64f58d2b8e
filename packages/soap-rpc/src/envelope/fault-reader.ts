import { failureCodec, type types, type XmlAttribute, type XmlSink } from '@postern/contracts';
import { type FaultKind, RemoteFault } from '../errors.ts';

/**
 * Reads a fault of either version. Lenient about what other vendors put beside code, reason and detail; a
 * `t:Failure` inside the detail is read strictly.
 */
export class FaultReader implements XmlSink {
  readonly #path: string[] = [];
  #faultCode = '';
  #reason = '';
  #failure: (XmlSink & { readonly value: types.Failure }) | undefined;
  #failureDepth = 0;

  open(namespace: string, name: string, attributes: readonly XmlAttribute[]): void {
    this.#path.push(name);
    const inDetail = this.#path.length === 3 && /^detail$/i.test(this.#path[1] ?? '');
    if (inDetail && this.#failure === undefined && isFailure(namespace, name)) {
      this.#failure = failureCodec.reader();
      this.#failureDepth = 3;
    }
    if (this.#failureDepth > 0) this.#failure?.open(namespace, name, attributes);
  }

  text(text: string): void {
    if (this.#failureDepth > 0) this.#failure?.text(text);
    const where = this.#path.slice(1).join('/');
    if (where === 'faultcode' || where === 'Code/Value') this.#faultCode += text;
    if (where === 'faultstring' || where === 'Reason/Text') this.#reason += text;
  }

  close(): void {
    if (this.#failureDepth > 0) this.#failure?.close();
    if (this.#path.length === this.#failureDepth) this.#failureDepth = 0;
    this.#path.pop();
  }

  /** The error for the caller. */
  toError(status: number): RemoteFault {
    const kind = KINDS.get(this.#faultCode.trim().replace(/^.*:/, '')) ?? 'server';
    const failure = this.#failure?.value;
    if (failure === undefined) return new RemoteFault('soap-fault', this.#reason.trim(), { kind, status });
    const hint = failure.hint === undefined ? {} : { hint: failure.hint };
    return new RemoteFault(failure.code, failure.message, { kind, status, ...hint });
  }
}

const isFailure = (namespace: string, name: string): boolean =>
  namespace === failureCodec.namespace && name === failureCodec.name;

const KINDS = new Map<string, FaultKind>([
  ['Client', 'client'],
  ['Sender', 'client'],
  ['Server', 'server'],
  ['Receiver', 'server'],
  ['VersionMismatch', 'version-mismatch'],
  ['MustUnderstand', 'must-understand'],
]);
