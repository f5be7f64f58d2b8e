import { credentialTransition } from '../credential/target-credential.ts';
import type { SoftwareManifest } from '../manifest/manifest.ts';
import type { SlotContents, TargetPorts } from '../ports/target-ports.ts';
import { commitBoot, decideBoot, otherSlot, type Slot } from './boot.ts';
import { countedFrom } from './lifetime.ts';
import { keptManifest } from './manifest-judge.ts';
import { factoryRecord, type Installation, NOTHING, type TargetRecord, trustInForce } from './record.ts';
import { withCredential } from './record-keeper.ts';
import { startNotice } from './reports.ts';

/** What a boot loader needs of the target's ports. */
export type BootPorts = Pick<
  TargetPorts,
  'clock' | 'logger' | 'deviceId' | 'vendorTrust' | 'memory' | 'slots'
>;

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
export const bootTarget = async (ports: BootPorts): Promise<BootedTarget> => {
  const { memory, slots, logger } = ports;
  const kept = (await memory.load()) ?? factoryRecord(await factoryCounters(ports));
  const record = { ...kept, credential: countedFrom(ports.clock.now(), kept.credential) };
  const decision = decideBoot(record.boot, { A: await slots.isWhole('A'), B: await slots.isWhole('B') });
  const slot = decision.program === 'firmware' ? decision.slot : record.boot.active;
  const next: TargetRecord = {
    ...record,
    // In the updater program the same password is still needed.
    ...(decision.fellBack && decision.program === 'firmware' ? listedOver(record) : {}),
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
export const confirmStart = async (ports: BootPorts, booted: BootedTarget): Promise<BootedTarget> => {
  if (booted.program !== 'firmware' || booted.record.boot.phase === 'committed') return booted;
  const releaseCounters = { ...booted.record.releaseCounters };
  for (const { name, releaseCounter } of Object.values(booted.contents)) {
    releaseCounters[name] = Math.max(releaseCounters[name] ?? 0, releaseCounter);
  }
  const { lastError: _, ...record } = booted.record;
  const next: TargetRecord = {
    ...record,
    ...listedOver(record),
    boot: commitBoot(record.boot),
    installation: NOTHING,
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
  record: TargetRecord,
  program: BootedTarget['program'],
  running: Slot,
  ports: BootPorts,
): Installation => {
  const { installation, credential, boot } = record;
  if (program === 'firmware') {
    // Started from the other slot because its own had decayed: that slot may no longer be written to.
    const intoRunning = installation.kind !== 'none' && installation.slot === running;
    return boot.phase === 'trial' || intoRunning ? NOTHING : installation;
  }
  const manifest = manifestInForce(record, ports);
  if (credential.kind !== 'live' || manifest === undefined) return NOTHING;
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

/** The manifest of the open job, as far as it holds; a device with damaged NV-RAM starts all the same. */
const manifestInForce = (record: TargetRecord, { vendorTrust }: BootPorts): SoftwareManifest | undefined => {
  try {
    return keptManifest(record.credential, trustInForce(record, vendorTrust));
  } catch {
    return undefined;
  }
};

/** A listed password opens the bulk path for one transfer: the restart behind it ends it (P1). */
const listedOver = (record: TargetRecord): Partial<TargetRecord> => {
  const { mac } = startNotice(record.credential);
  const event = { type: 'install', ...(mac === undefined ? {} : { startMac: mac }) } as const;
  return withCredential(record, credentialTransition(record.credential, event).state);
};

const lastErrorAfterBoot = (record: TargetRecord, fellBack: boolean): Pick<TargetRecord, 'lastError'> => {
  if (!fellBack || record.credential.kind === 'none') return {};
  return { lastError: { jobId: record.credential.jobId, code: 'boot-failed' } };
};

const factoryCounters = async ({ slots }: BootPorts): Promise<Record<string, number>> => {
  const contents = (await slots.contents('A')) ?? {};
  return Object.fromEntries(
    Object.values(contents).map(({ name, releaseCounter }) => [name, releaseCounter]),
  );
};
