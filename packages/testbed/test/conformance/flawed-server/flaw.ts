import type { OperatorOperations, UplinkOperations } from '@postern/contracts';
import type { CallContext, HttpRoute, SoapHandlers } from '@postern/soap-rpc';

export type UplinkHandlers = SoapHandlers<UplinkOperations>;
export type OperatorHandlers = SoapHandlers<OperatorOperations>;

/** What a server does wrong: what stands here takes the place of what an honest one does. */
export interface Flaw {
  readonly uplink?: (honest: UplinkHandlers, site: CallContext) => Partial<UplinkHandlers>;
  readonly operator?: (honest: OperatorHandlers) => Partial<OperatorHandlers>;
  readonly images?: (honest: HttpRoute) => HttpRoute;
  /** Of a request of the plain HTTP kind, before anything of it is read. */
  readonly asksNoCertificate?: boolean;
  readonly asksNoCredential?: boolean;
  readonly takesAnyRole?: boolean;
  readonly speaksPlain?: boolean;
  readonly takesHugeBodies?: boolean;
  readonly showsAnotherContract?: boolean;
  /** Of an answer as it is written. */
  readonly answer?: (answer: WrittenAnswer, instead: string) => WrittenAnswer;
}

export interface WrittenAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}
