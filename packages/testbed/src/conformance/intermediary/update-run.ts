import { createHash } from 'node:crypto';
import type { device } from '@postern/contracts';
import { Days, Instant, Milliseconds, randomId, Seconds } from '@postern/core';
import { generateVendorKey, type Signer, signManifest, vendorSignerFromPem } from '@postern/software-update';
import { failed, skipped } from '../verdicts.ts';
import type { DeviceConduct } from './device-conduct.ts';
import { contentOf, responseTo } from './exchanges.ts';
import type { Happenings } from './happenings.ts';
import type { IntermediaryTarget } from './intermediary-target.ts';
import type { PlayedDevice } from './played-device.ts';

/** How an update differs from the plainest one. */
export interface UpdateChanges {
  /** How the device behaves. */
  readonly conduct?: Partial<DeviceConduct>;
  /** The device that is updated; the one beyond the patent unless given. */
  readonly device?: PlayedDevice;
  /** Nobody whom the intermediary trusts has signed. */
  readonly signedByStranger?: boolean;
  /** What can be fetched in place of the image. */
  readonly served?: (image: Buffer) => Buffer;
  /** The device runs it already. */
  readonly installed?: boolean;
}

/** An update that has been decided, and all that happened since it was ordered. */
export interface UpdateRun {
  readonly requestId: string;
  readonly version: string;
  readonly image: { readonly sha256: string; readonly length: number };
  readonly signedManifest: Uint8Array;
  readonly result: device.UpdateSoftwareResponse | undefined;
  /** Where there is no result: the code with which the order was refused. */
  readonly refused: string | undefined;
  /** From the order to its response, at the device that was updated. */
  readonly happenings: Happenings;
}

const COMPONENT = 'firmware';
const SOFTWARE = 'conformance';
const IMAGE_BYTES = 192 * 1_024;
/** How much longer than what can be done at once an update may take, and its result. */
const DEADLINE = 3;
const DECIDED = 4;
/** For checks with an update in them. */
export const UPDATE_LIMIT = Seconds(90);

/**
 * Orders an update of the played device and waits for its end.
 *
 * @throws PosternError `not-checked` without a vendor's key; `not-conforming` when it does not end
 */
export const runUpdate = async (
  target: IntermediaryTarget,
  changes: UpdateChanges,
  signal: AbortSignal,
): Promise<UpdateRun> => {
  const { server, options } = target;
  const { device = target.device, conduct = {}, served = (image) => image, installed = false } = changes;
  const vendor = requireSigners(target);
  const signers = changes.signedByStranger === true ? [strangeSigner()] : vendor;
  const image = Buffer.from(options.entropy.bytes(IMAGE_BYTES));
  const sha256 = createHash('sha256').update(image).digest('hex');
  const version = `2.0.${randomId(options.entropy).slice(0, 12)}`;
  const { length } = image;
  const expires = Instant(options.clock.now() + Days(1));
  const releaseCounter = Math.floor(options.clock.now() / 1_000);
  const components = [{ name: COMPONENT, version, releaseCounter, length, sha256 }];
  const signedManifest = signManifest(
    { format: 1, software: SOFTWARE, model: device.model, expires, components },
    signers,
  );
  server.images.set(sha256, served(image));
  const awaited = { component: COMPONENT, sha256, length, version };
  const runs = installed ? { versions: { [COMPONENT]: version } } : {};
  const { happenings } = device;
  try {
    return await device.behaving({ awaited, ...runs, ...conduct }, async () => {
      await target.register(device, signal);
      const from = happenings.mark;
      const deadlineSeconds = Math.ceil((DEADLINE * target.soon) / 1_000);
      const value = { signedManifest, deadlineSeconds };
      const requestId = server.script.order({
        body: { kind: 'UpdateSoftware', value },
        target: device.id,
        expiresInSeconds: deadlineSeconds,
      });
      const body = await decided(target, device, requestId, signal);
      const result = body.kind === 'Failure' ? undefined : contentOf('UpdateSoftwareResponse', body);
      const refused = body.kind === 'Failure' ? body.value.code : undefined;
      const image = { sha256, length };
      const since = happenings.since(from);
      return { requestId, version, image, signedManifest, result, refused, happenings: since };
    });
  } finally {
    server.images.delete(sha256);
  }
};

const strangeSigner = (): Signer => vendorSignerFromPem(generateVendorKey().privateKeyPem);

/** The keys of the vendor. @throws PosternError `not-checked` */
const requireSigners = ({ options }: IntermediaryTarget): readonly Signer[] => {
  if (options.signers !== undefined) return options.signers;
  throw skipped(
    'No update was tried: nothing could be signed',
    'Give --vendor-key FILE, the private key of a vendor whose software the intermediary installs.',
  );
};

/** Waits for the response to an update; one that does not come is called off. */
const decided = async (
  { server, happenings, soon }: IntermediaryTarget,
  device: PlayedDevice,
  requestId: string,
  signal: AbortSignal,
) => {
  try {
    return await responseTo(
      happenings,
      requestId,
      { what: 'UpdateSoftware', within: Milliseconds(DECIDED * soon) },
      signal,
    );
  } catch (error) {
    server.script.withdraw(requestId);
    server.script.order({ body: { kind: 'CancelUpdate', value: { requestId } }, target: device.id });
    throw error;
  }
};

const runs = new WeakMap<IntermediaryTarget, Promise<UpdateRun>>();

/** One update without a fault, carried out when it is asked for first; many checks look at it. */
export const oneUpdate = (target: IntermediaryTarget, signal: AbortSignal): Promise<UpdateRun> => {
  const running = runs.get(target) ?? runUpdate(target, {}, signal).then(requireVerified);
  runs.set(target, running);
  return running;
};

/** The same, for checks that can say nothing where there was none. */
export const lookedAt = async (target: IntermediaryTarget, signal: AbortSignal): Promise<UpdateRun> => {
  requireSigners(target);
  try {
    return await oneUpdate(target, signal);
  } catch {
    throw skipped('There is no verified update to look at', 'Mend what update-verified says first.');
  }
};

/** @throws PosternError `not-conforming` */
const requireVerified = (run: UpdateRun): UpdateRun => {
  const { result, refused } = run;
  const { state = 'refused', failure } = result ?? {};
  if (state === 'verified') return run;
  throw failed(
    `The update was ${state} (${failure?.code ?? refused ?? 'no reason'})`,
    'See the steps of an update in docs/architecture.md, and the journal of yours.',
  );
};
