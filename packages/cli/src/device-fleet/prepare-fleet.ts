import { type Clock, type Entropy, throwIfCancelled } from '@postern/core';
import {
  deviceDirectory,
  type FactoryComponent,
  isManufactured,
  manufactureDevice,
  profileNamed,
} from '@postern/device-emulator';
import { ensureNodeIdentity, openAuthority } from '@postern/pki';
import { caDirectory, type FleetMember } from './fleet-plan.ts';

/** Devices that are made at the same time: they wait for the disk, mostly. */
const MADE_AT_ONCE = 16;

export interface PreparationOptions {
  readonly members: readonly FleetMember[];
  readonly pki: string;
  /** Of the devices' configuration. */
  readonly dataDir: string;
  readonly clock: Clock;
  readonly entropy: Entropy;
  /** Given up when it aborts; what is made is kept. */
  readonly signal: AbortSignal;
  /** How many devices are ready. */
  readonly onProgress: (ready: number) => void;
}

/**
 * Makes what is missing of a fleet: identities of the development CA, and devices with their factory software. What is
 * there is kept, so that an interrupted preparation goes on where it was.
 *
 * @throws PosternError `cancelled`, and those of the CA, of identities and of manufacturing
 */
export const prepareFleet = async (options: PreparationOptions): Promise<void> => {
  const { members, pki, dataDir, clock, entropy, signal, onProgress } = options;
  const authority = await openAuthority({ directory: caDirectory(pki), clock, entropy });
  let ready = 0;
  const waiting = members.values();
  const stop = new AbortController();
  const worker = async (): Promise<void> => {
    for (const { id, identityDir, profile: name } of waiting) {
      throwIfCancelled(signal);
      if (stop.signal.aborted) return;
      await ensureNodeIdentity({
        directory: identityDir,
        identity: { role: 'device', name: id },
        clock,
        authority,
      });
      const directory = deviceDirectory(dataDir, id);
      if (!(await isManufactured(directory))) {
        const profile = profileNamed(name);
        await manufactureDevice({ directory, profile, software: factorySoftware(profile.components) });
      }
      ready += 1;
      onProgress(ready);
    }
  };
  const workers = Array.from({ length: MADE_AT_ONCE }, () =>
    worker().catch((error: unknown) => {
      stop.abort();
      throw error;
    }),
  );
  const results = await Promise.allSettled(workers);
  const failure = results.find((result) => result.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
};

/** What the devices of a fleet leave the factory with: small, and older than whatever is released. */
const factorySoftware = (components: readonly string[]): readonly FactoryComponent[] =>
  components.map((name) => ({
    name,
    version: '1.0.0',
    releaseCounter: 1,
    content: Buffer.from(`Factory software of the component ${name}\n`),
  }));
