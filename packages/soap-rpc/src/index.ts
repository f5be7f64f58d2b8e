/** Serve a contract and call a contract: SOAP 1.1 and 1.2, document/literal, over HTTP(S) or in memory. */
export { createSoapClient } from './client/create-soap-client.ts';
export {
  connectorOf,
  createHttpTransport,
  type HttpTransportOptions,
  type RenewedTls,
} from './client/http-transport.ts';
export {
  type CallOptions,
  createSoapClientOver,
  type SoapClient,
  type SoapClientOptions,
} from './client/soap-client.ts';
export {
  createServiceTransport,
  type SoapTransport,
  type SoapTransportRequest,
  type SoapTransportResponse,
} from './client/transport.ts';
export { readSoapDocument, writeSoapDocument } from './envelope/soap-document.ts';
export type { SoapVersion } from './envelope/soap-version.ts';
export {
  type ClientCode,
  clientCatalogue,
  type FaultKind,
  isRemoteFault,
  type ListenerCode,
  listenerCatalogue,
  type MailCode,
  mailCatalogue,
  RemoteFault,
  type ServiceCode,
  serviceCatalogue,
} from './errors.ts';
export { defaultListenerLimits, type ListenerLimits } from './listener/limits.ts';
export type {
  CallRefusal,
  HttpRoute,
  SoapEndpointOptions,
  SoapListenerOptions,
} from './listener/listener-options.ts';
export { createSoapEndpoint, type SoapEndpoint } from './listener/soap-endpoint.ts';
export { createSoapListener, type SoapListener } from './listener/soap-listener.ts';
export {
  type MailEntity,
  type MailedRequests,
  readMailedRequests,
  writeMailedRequests,
} from './mail/mailed-requests.ts';
export { everyOperation } from './service/every-operation.ts';
export type {
  CallContext,
  SoapHandlers,
  SoapRequest,
  SoapResponse,
  SoapService,
  SoapServiceOptions,
} from './service/service-types.ts';
export { createSoapService } from './service/soap-service.ts';
export { DeviceLists, type ListPart } from './uplink/device-lists.ts';
export { isFittingResponse } from './uplink/fitting-response.ts';
export { HeldPolls } from './uplink/held-polls.ts';
export {
  createImageRoute,
  IMAGE_PREFIX,
  type ImageRefusal,
  type ImageRouteParts,
  type ReadableImage,
} from './uplink/image-route.ts';
export { answerPoll, type Downward, type PollServing, type ServedExchange } from './uplink/poll-service.ts';
export { sizeOfRequest } from './uplink/request-size.ts';
export { LONGEST_ROUTE, routeMistake } from './uplink/route.ts';
