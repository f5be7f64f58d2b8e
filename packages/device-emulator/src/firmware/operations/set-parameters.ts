import type { device } from '@postern/contracts';
import type { Logger } from '@postern/core';
import { checkSettings, withSettings } from '../../domain/parameters.ts';
import type { DeviceProfile } from '../../domain/profile.ts';
import type { CarryOut } from './changing-requests.ts';

export interface ParameterService {
  readonly profile: DeviceProfile;
  readonly logger: Logger;
  readonly carryOut: CarryOut;
}

/**
 * Sets parameters: all of them or none.
 *
 * @throws PosternError those of `checkSettings` and of `CarryOut`
 * @spec I3
 */
export const setParameters = (
  { profile, logger, carryOut }: ParameterService,
  request: device.SetParameters,
): Promise<device.SetParametersResponse> => {
  const answerTo = ({ parameters }: device.SetParameters): device.SetParametersResponse => ({ parameters });
  return carryOut(
    'SetParameters',
    request,
    () => {
      const settings = request.parameters.item;
      checkSettings(profile, settings);
      return {
        answer: answerTo(request),
        change: (content) => withSettings(content, settings),
        effect: () =>
          logger.info('Parameters were set', { name: settings.map(({ name }) => name).join(' ') }),
      };
    },
    answerTo,
  );
};
