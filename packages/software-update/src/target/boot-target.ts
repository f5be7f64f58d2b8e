import type { SoftwareManifest } from '../manifest/manifest.ts';
import { verifyManifest } from '../manifest/signed-manifest.ts';
import type { VendorTrust } from '../manifest/vendor-trust.ts';
import type { SlotContents, TargetPorts } from '../ports/target-ports.ts';
import { commitBoot, decideBoot, otherSlot, type Slot } from './boot.ts';
import { factoryRecord, type Installation, type TargetRecord } from './record.ts';

/** What the device starts. */
export interface BootedTarget {
  readonly program: 'firmware' | 'updater-program';
  /** The slot it runs from; of the updater program: the one that failed. */
  readonly slot: Slot;
  readonly contents: SlotContents;
  readonly record: TargetRecord;
}

/**
 * Decides what to start after power-on, and writes the decision down first.
 *
 * @spec X4 D5 X6
 */
export const bootTarget = async (ports: TargetPorts): Promise<BootedTarget> => {
  const { memory, slots, logger } = ports;
  const record = (await memory.load()) ?? factoryRecord(await factoryCounters(ports));
  const decision = decideBoot(record.boot, { A: await slots.isWhole('A'), B: await slots.isWhole('B') });
  const slot = decision.program === 'firmware' ? decision.slot : record.boot.active;
  const next: TargetRecord = {
    ...record,
    boot: decision.record,
    installation: installationAfterBoot(record, decision.program, slot, ports),
    ...lastErrorAfterBoot(record, decision.fellBack),
  };
  await memory.save(next);
  if (decision.fellBack)
    logger.warn('The new software did not start; fallen back', { device: ports.deviceId });
  const contents = (await slots.contents(slot)) ?? {};
  return { program: decision.program, slot, contents, record: next };
};

/**
 * The software has started well: from now on it is the one to start, and nothing older may follow it.
 *
 * @spec X4
 */
export const confirmStart = async (ports: TargetPorts, booted: BootedTarget): Promise<BootedTarget> => {
  if (booted.program !== 'firmware' || booted.record.boot.phase === 'committed') return booted;
  const releaseCounters = { ...booted.record.releaseCounters };
  for (const { name, releaseCounter } of Object.values(booted.contents)) {
    releaseCounters[name] = Math.max(releaseCounters[name] ?? 0, releaseCounter);
  }
  const { lastError: _, ...record } = booted.record;
  const next: TargetRecord = {
    ...record,
    boot: commitBoot(record.boot),
    installation: { kind: 'none' },
    releaseCounters,
  };
  await ports.memory.save(next);
  return { ...booted, record: next };
};

/**
 * A job whose switch-over is behind it expects nothing any more, except in the updater program: there the same
 * job may send everything once more with the password that was kept (U10).
 */
const installationAfterBoot = (
  { installation, credential, boot }: TargetRecord,
  program: BootedTarget['program'],
  running: Slot,
  { vendorTrust }: TargetPorts,
): Installation => {
  if (program === 'firmware') {
    // Started from the other slot because its own had decayed: that slot may no longer be written to.
    const intoRunning = installation.kind !== 'none' && installation.slot === running;
    return boot.phase === 'trial' || intoRunning ? { kind: 'none' } : installation;
  }
  if (credential.kind !== 'live' || credential.signedManifest === undefined) return { kind: 'none' };
  const manifest = keptManifest(credential.signedManifest, vendorTrust);
  if (manifest === undefined) return { kind: 'none' };
  const slot = otherSlot(boot.active);
  const same =
    installation.kind === 'receiving' &&
    installation.jobId === credential.jobId &&
    installation.slot === slot;
  return same
    ? installation
    : {
        kind: 'receiving',
        jobId: credential.jobId,
        slot,
        wanted: manifest.components,
        cleared: false,
        arrived: [],
      };
};

/** The manifest that came with the credential; a device that no longer trusts its vendor key starts all the same. */
const keptManifest = (signed: string, vendorTrust: VendorTrust): SoftwareManifest | undefined => {
  try {
    return verifyManifest(Buffer.from(signed, 'base64'), vendorTrust);
  } catch {
    return undefined;
  }
};

const lastErrorAfterBoot = (record: TargetRecord, fellBack: boolean): Pick<TargetRecord, 'lastError'> => {
  if (!fellBack || record.credential.kind === 'none') return {};
  return { lastError: { jobId: record.credential.jobId, code: 'boot-failed' } };
};

const factoryCounters = async ({ slots }: TargetPorts): Promise<Record<string, number>> => {
  const contents = (await slots.contents('A')) ?? {};
  return Object.fromEntries(
    Object.values(contents).map(({ name, releaseCounter }) => [name, releaseCounter]),
  );
};
