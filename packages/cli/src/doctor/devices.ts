import type { DeviceFleetConfig } from '@postern/device-emulator';
import { namesOf } from '../output/print.ts';
import { type Finding, fail, failure, ok, warn } from './finding.ts';

/** What there is to look at of emulated devices. */
export interface DevicesCheck {
  readonly config: Pick<DeviceFleetConfig, 'dataDir' | 'devices'>;
  /** Devices of a kind that brings its own intermediary, and runs without. */
  readonly strays: readonly string[];
}

/** Emulated devices: of kinds that there are, made, and with the intermediary that their kind brings. */
export const checkEmulated = async ({ config, strays }: DevicesCheck): Promise<readonly Finding[]> => {
  const check = 'devices';
  const { deviceDirectory, isManufactured, profileNamed } = await import('@postern/device-emulator');
  const findings: Finding[] = [];
  for (const profile of new Set(config.devices.map((device) => device.profile))) {
    try {
      profileNamed(profile);
    } catch (error) {
      findings.push(failure(check, error, 'Name a profile of the package, or mend the file.'));
    }
  }
  const absent: string[] = [];
  for (const { id } of config.devices) {
    if (!(await isManufactured(deviceDirectory(config.dataDir, id)))) absent.push(id);
  }
  if (absent.length > 0) {
    const next = `Make each: postern device manufacture ${absent[0]} --data-dir ${config.dataDir} --component … --profile …`;
    findings.push(fail(check, `not made in ${config.dataDir}: ${namesOf(absent)}`, next));
  }
  if (strays.length > 0) {
    const next =
      'Give one of them `intermediaryFunction` (docs/operations.md), if it is to talk to the server itself.';
    findings.push(warn(check, `bring their own intermediary, and run without: ${namesOf(strays)}`, next));
  }
  return findings.length > 0 ? findings : [ok(check, `${config.devices.length} are made`)];
};
