import type { SoftwareParts } from '../domain/register-software.ts';
import { type DeviceParts, type DeviceUseCases, deviceUseCases } from './devices.ts';
import { type IntermediaryParts, type IntermediaryUseCases, intermediaryUseCases } from './intermediaries.ts';
import { type NoticeParts, type NoticeUseCases, noticeUseCases } from './notices.ts';
import { type RequestParts, type RequestUseCases, requestUseCases } from './requests.ts';
import { type SoftwareUseCases, softwareUseCases } from './software.ts';
import { type UpdateParts, type UpdateUseCases, updateUseCases } from './updates.ts';

/**
 * What operators do, whichever interface they use: input is checked, the rules are called, what came of it is seen as a
 * view. Input has the form of the REST interface and is refused with `request-invalid`, naming what is wrong.
 */
export interface OperatorUseCases {
  readonly devices: DeviceUseCases;
  readonly intermediaries: IntermediaryUseCases;
  readonly software: SoftwareUseCases;
  readonly updates: UpdateUseCases;
  readonly requests: RequestUseCases;
  readonly notices: NoticeUseCases;
}

export const operatorUseCases = (
  parts: DeviceParts &
    IntermediaryParts &
    UpdateParts &
    RequestParts &
    NoticeParts & { software: SoftwareParts },
): OperatorUseCases => ({
  devices: deviceUseCases(parts),
  intermediaries: intermediaryUseCases(parts),
  software: softwareUseCases(parts.software),
  updates: updateUseCases(parts),
  requests: requestUseCases(parts),
  notices: noticeUseCases(parts),
});
