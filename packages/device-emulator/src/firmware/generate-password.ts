import type { device } from '@postern/contracts';
import type { CallContext } from '@postern/soap-rpc';
import type { OneExchange } from '../domain/one-exchange.ts';
import { isPanelOrderId } from '../domain/panel-order.ts';
import { deviceError } from '../errors.ts';
import { type Callers, requireOwnName } from './authorisation.ts';
import { type HandOverService, handOver, makePassword } from './hand-over.ts';
import { takeCredential } from './take-credential.ts';

export interface GenerateService extends HandOverService {
  readonly callers: Callers;
  /** Aborts when the device goes down. */
  readonly signal: AbortSignal;
  /** Bounds what plain requests can set going. */
  readonly exchange: OneExchange<device.CredentialStored>;
}

/**
 * Makes the one-time password itself and tells it in the answer, which TLS protects (S401–S406). Asked again because
 * the answer was lost, it makes another one; what has arrived for the job stays. Also for an order from its own panel,
 * when the password that went with the order was lost here.
 *
 * @throws PosternError `not-authorised`, and those of {@link takeCredential}
 * @spec U15
 */
export const generateInResponse = async (
  service: GenerateService,
  { keyRotations, ...request }: device.GenerateOneTimePassword,
  { peer }: CallContext,
): Promise<device.GenerateOneTimePasswordResponse> => {
  requireOwnName(service.callers, request.userName, peer);
  const made = makePassword(service.entropy);
  const stored = await takeCredential(service, {
    ...request,
    ...made,
    ...(keyRotations === undefined ? {} : { keyRotations }),
  });
  return { ...stored, ...made, delivery: 'in-response' };
};

/**
 * The same, asked for in plain HTTP: the password goes to the intermediary over TLS, and nothing that came with the
 * request is believed but which job it is for. A forged request costs one call, which the intermediary refuses.
 *
 * @throws PosternError `not-authorised`, `job-reserved`, `exchange-under-way`, and those of {@link handOver}
 * @spec U15
 */
export const generateByRequest = async (
  service: GenerateService,
  { userName, jobId, lifetimeSeconds }: device.GenerateOneTimePassword,
): Promise<device.GenerateOneTimePasswordResponse> => {
  if (userName !== service.information.settings.intermediary.name) {
    throw deviceError('not-authorised', 'The device hands its password to its intermediary only');
  }
  requireForeign(jobId);
  const stored = await service.exchange(jobId, () =>
    handOver(service, { jobId, lifetimeSeconds }, makePassword(service.entropy), service.signal),
  );
  return { ...stored, delivery: 'by-request' };
};

/** An identifier that the intermediary would take for an order from the panel must not come from outside. */
const requireForeign = (jobId: string): void => {
  if (isPanelOrderId(jobId))
    throw deviceError('job-reserved', 'The job has the name of an order from the panel');
};
