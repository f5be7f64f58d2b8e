import type { Clock, Entropy, NodeRole } from '@postern/core';
import type { EnrolledNode } from '@postern/pki';
import { openFilesLimit } from '../device-fleet/descriptor-limit.ts';
import { checkAbove, type NodeAbove } from './above.ts';
import { checkDataDirectory } from './data-directory.ts';
import { checkEmulated, type DevicesCheck } from './devices.ts';
import { type Finding, failure, ok, warn } from './finding.ts';
import { checkIdentity, checkRevocationList } from './identity.ts';
import { checkDescriptors, checkNativeModule, checkNode } from './machine.ts';
import { checkMailIdentity, checkMailRecipient, type MailRecipient } from './mail.ts';
import { checkPort, type Listener } from './ports.ts';
import { checkVendorKeys, type VendorKeys } from './vendor-keys.ts';

/** What a configuration means for the machine that it is for. */
export interface Patient {
  readonly role: NodeRole;
  /** For people: `server`, `3 devices`. */
  readonly what: string;
  readonly dataDir: string;
  /** Each with its name, where the configuration says it. */
  readonly identities: readonly { readonly directory: string; readonly name?: string }[];
  readonly vendorKeys: VendorKeys;
  /** Where requests go by mail: whom it mails to, perhaps nobody. */
  readonly mailTo?: readonly MailRecipient[];
  readonly emulated?: DevicesCheck;
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
 * @param read the patients, from the configuration of their process
 */
export const examine = async (
  read: () => Promise<readonly Patient[]>,
  surroundings: Surroundings,
): Promise<readonly Finding[]> => {
  let patients: readonly Patient[];
  try {
    patients = await read();
  } catch (error) {
    return [failure('configuration', error, 'See docs/operations.md for the keys.')];
  }
  const findings: Finding[] = [];
  for (const patient of patients) findings.push(...(await examineOne(patient, surroundings)));
  return findings;
};

const examineOne = async (
  patient: Patient,
  { clock, entropy }: Surroundings,
): Promise<readonly Finding[]> => {
  const { findings, inUse } = await checkDataDirectory(patient.dataDir, entropy);
  const { identities, node } = await identitiesOf(patient, clock);
  const ports: Finding[] = [];
  for (const listener of patient.listeners) ports.push(await checkPort(listener, inUse));
  return [
    ok('configuration', `of ${patient.what}`),
    ...findings,
    checkDescriptors(patient.descriptors, openFilesLimit()),
    ...identities,
    ...(node === undefined ? [] : [await checkRevocationList(patient.revocationListFile, node.caPem, clock)]),
    ...(await checkVendorKeys(patient.vendorKeys)),
    ...(node === undefined ? [] : await mailOf(patient, node, clock)),
    ...(patient.emulated === undefined ? [] : await checkEmulated(patient.emulated)),
    ...ports,
    ...(await aboveOf(patient, node, clock)),
  ];
};

/** Many bundles that are well are one line. */
const identitiesOf = async ({ role, identities }: Patient, clock: Clock) => {
  const bad: Finding[] = [];
  const good: Finding[] = [];
  let first: EnrolledNode | undefined;
  for (const { directory, name } of identities) {
    const { findings, node } = await checkIdentity(directory, role, clock, name);
    first ??= node;
    for (const finding of findings) (finding.verdict === 'ok' ? good : bad).push(finding);
  }
  const told = good.length > 3 ? [ok('identity', `${good.length} bundles are in order`)] : good;
  return { identities: [...told, ...bad], node: first };
};

const mailOf = async (
  { mailTo, identities: [first] }: Patient,
  node: EnrolledNode,
  clock: Clock,
): Promise<readonly Finding[]> => {
  if (mailTo === undefined || first === undefined) return [];
  const findings = [await checkMailIdentity(first.directory, node, clock)];
  for (const recipient of mailTo) findings.push(await checkMailRecipient(recipient, node.caPem, clock));
  return findings;
};

const aboveOf = async (
  { above }: Patient,
  node: EnrolledNode | undefined,
  clock: Clock,
): Promise<readonly Finding[]> => {
  if (above === undefined) return [];
  if (node !== undefined) return checkAbove(above, node, clock);
  return [warn(`reach ${above.name}`, 'not tried without an identity', 'Mend the identity first.')];
};
