import type { device } from '@postern/contracts';
import type { Logger } from '@postern/core';
import type { DeviceMemory } from '../../adapters/flash/nv-ram.ts';
import { applicationsOf, withApplication } from '../../domain/applications.ts';
import { applicationNames, type DeviceProfile } from '../../domain/profile.ts';
import type { CarryOut } from './changing-requests.ts';

export interface ApplicationService {
  readonly profile: DeviceProfile;
  readonly nvRam: DeviceMemory;
  /** Versions of the components that run. */
  readonly versions: () => Readonly<Record<string, string>>;
  readonly logger: Logger;
  readonly carryOut: CarryOut;
}

/**
 * The applications of the device; one that is a component of its own has a version of its own.
 *
 * @spec I3
 */
export const getApplications = ({
  profile,
  nvRam,
  versions,
}: ApplicationService): device.GetApplicationsResponse => ({
  application: applicationsOf(applicationNames(profile), nvRam.content).map((application) => {
    const component = profile.applications[application.name]?.component;
    const version = component === undefined ? undefined : versions()[component];
    return version === undefined ? application : { ...application, version };
  }),
});

/**
 * Starts or stops an application, over restarts.
 *
 * @throws PosternError `application-unknown`, and those of `CarryOut`
 * @spec I3
 */
export const setApplication = (
  service: ApplicationService,
  request: device.SetApplication,
): Promise<device.SetApplicationResponse> => {
  const { profile, nvRam, logger } = service;
  const { name, state } = request;
  const names = applicationNames(profile);
  return service.carryOut('SetApplication', request, () => {
    // Refused here: a change that throws would take other changes of the same write with it.
    withApplication(names, nvRam.content, { name, state });
    const known = getApplications(service).application.find((application) => application.name === name);
    return {
      answer: { application: { name, ...known, state } },
      change: (content) => withApplication(names, content, { name, state }),
      effect: () => logger.info(`An application is ${state}`, { name }),
    };
  });
};
