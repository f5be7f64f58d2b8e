import type { RecordedCall } from './recording-service.ts';

/** One request as a toolkit has sent it. */
export interface GoldenRequest {
  readonly contentType: string | undefined;
  readonly soapAction: string | undefined;
  readonly body: string;
}

export const GOLDENS = new URL('goldens/', import.meta.url);

/** Where the requests of a toolkit are kept, one a line in the order of the contract's example calls. */
export const goldenFile = (toolkit: string, contract: string): URL =>
  new URL(`${toolkit}/${contract}.ndjson`, GOLDENS);

export const toGolden = ({ contentType, soapAction, body }: RecordedCall): GoldenRequest => ({
  contentType,
  soapAction,
  body,
});
