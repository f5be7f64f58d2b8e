import type { Clock, Entropy, NodeRole } from '@postern/core';
import { openFilesLimit } from '../device-fleet/descriptor-limit.ts';
import { checkAbove, type NodeAbove } from './above.ts';
import { checkDataDirectory } from './data-directory.ts';
import { type Finding, failure, ok, warn } from './finding.ts';
import { checkIdentity, checkRevocationList } from './identity.ts';
import { checkDescriptors, checkNativeModule, checkNode } from './machine.ts';
import { checkPort, type Listener } from './ports.ts';

/** What a configuration means for the machine that it is for. */
export interface Patient {
  readonly role: NodeRole;
  readonly dataDir: string;
  /** Each with its name, where the configuration says it. */
  readonly identities: readonly { readonly directory: string; readonly name?: string }[];
  readonly revocationListFile?: string | undefined;
  readonly listeners: readonly Listener[];
  readonly above?: NodeAbove | undefined;
  /** Files and sockets that may be open at a time. */
  readonly descriptors: number;
}

interface Surroundings {
  readonly clock: Clock;
  readonly entropy: Entropy;
}

/** Of the machine alone. */
export const examineMachine = async (): Promise<readonly Finding[]> => [
  checkNode(process.versions.node),
  await checkNativeModule(),
];

/**
 * Everything that keeps a tier from working, in the order in which it would be met.
 *
 * @param read the patient, from its configuration
 */
export const examine = async (
  read: () => Promise<Patient>,
  { clock, entropy }: Surroundings,
): Promise<readonly Finding[]> => {
  let patient: Patient;
  try {
    patient = await read();
  } catch (error) {
    return [failure('configuration', error, 'See docs/operations.md for the keys.')];
  }
  const { findings, inUse } = await checkDataDirectory(patient.dataDir, entropy);
  const { identities, caPem, node } = await identitiesOf(patient, clock);
  const ports: Finding[] = [];
  for (const listener of patient.listeners) ports.push(await checkPort(listener, inUse));
  return [
    ok(
      'configuration',
      `of ${patient.role === 'device' ? `${patient.identities.length} devices` : patient.role}`,
    ),
    ...findings,
    checkDescriptors(patient.descriptors, openFilesLimit()),
    ...identities,
    ...(caPem === undefined ? [] : [await checkRevocationList(patient.revocationListFile, caPem, clock)]),
    ...ports,
    ...(await aboveOf(patient, node, clock)),
  ];
};

/** Many bundles that are well are one line. */
const identitiesOf = async ({ role, identities }: Patient, clock: Clock) => {
  const bad: Finding[] = [];
  const good: Finding[] = [];
  let first: Awaited<ReturnType<typeof checkIdentity>>['node'];
  for (const { directory, name } of identities) {
    const { findings, node } = await checkIdentity(directory, role, clock, name);
    first ??= node;
    for (const finding of findings) (finding.verdict === 'ok' ? good : bad).push(finding);
  }
  const told = good.length > 3 ? [ok('identity', `${good.length} bundles are in order`)] : good;
  return { identities: [...told, ...bad], caPem: first?.caPem, node: first };
};

const aboveOf = async (
  { above }: Patient,
  node: Parameters<typeof checkAbove>[1] | undefined,
  clock: Clock,
): Promise<readonly Finding[]> => {
  if (above === undefined) return [];
  if (node !== undefined) return checkAbove(above, node, clock);
  return [warn(`reach ${above.name}`, 'not tried without an identity', 'Mend the identity first.')];
};
