import type { BulkPathKind } from '@postern/software-update';
import { deviceError } from '../errors.ts';
import type { JobKind } from './job-queue.ts';

/** A kind of device: data only, so that another kind is another record. */
export interface DeviceProfile {
  readonly name: string;
  /** The model that manifests must name, unless a device overrides it. */
  readonly model: string;
  /** What its software consists of. */
  readonly components: readonly string[];
  /** What its engine can do; each kind has a counter in NV-RAM. */
  readonly jobs: readonly JobKind[];
  /** Its applications by the kind of job that they give to the engine. */
  readonly applications: Readonly<Partial<Record<JobKind, string>>>;
  /** Its bulk path, unless a device overrides it. */
  readonly bulkPathKind: BulkPathKind;
  /** Settings as they leave the factory. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** The application modules of an image processing device. */
const OFFICE_APPLICATIONS = { copy: 'copier', fax: 'facsimile', print: 'printer', scan: 'scanner' } as const;

export const PROFILES = {
  mfp: {
    name: 'mfp',
    model: 'Postern MFP-100',
    components: ['firmware'],
    jobs: ['copy', 'print', 'scan', 'fax'],
    applications: OFFICE_APPLICATIONS,
    bulkPathKind: 'ftp',
    parameters: { 'energy-saving-minutes': '15', location: '' },
  },
  /**
   * Its applications are updated like its firmware, and with it.
   *
   * @spec U19
   */
  'mfp-apps': {
    name: 'mfp-apps',
    model: 'Postern MFP-200',
    components: ['firmware', 'scan-app', 'print-app'],
    jobs: ['copy', 'print', 'scan', 'fax'],
    applications: OFFICE_APPLICATIONS,
    bulkPathKind: 'ftp',
    parameters: { 'energy-saving-minutes': '15', location: '' },
  },
} as const satisfies Record<string, DeviceProfile>;

export type ProfileName = keyof typeof PROFILES;

/** @throws PosternError `profile-unknown` */
export const profileNamed = (name: string): DeviceProfile => {
  const profile = Object.values(PROFILES).find((candidate) => candidate.name === name);
  if (profile !== undefined) return profile;
  throw deviceError('profile-unknown', `No profile is called ${JSON.stringify(name.slice(0, 60))}`);
};

/** The counter that a job of this kind feeds. */
export const counterOf = (kind: JobKind): string => `${kind}-jobs`;

/** The names of its applications, each once. */
export const applicationNames = ({ applications }: DeviceProfile): readonly string[] => [
  ...new Set(Object.values(applications)),
];

/** @throws PosternError `job-kind-unknown` */
export const applicationOf = ({ name, applications }: DeviceProfile, kind: JobKind): string => {
  const application = applications[kind];
  if (application !== undefined) return application;
  throw deviceError('job-kind-unknown', `A device of profile ${name} has no ${kind} jobs`);
};
