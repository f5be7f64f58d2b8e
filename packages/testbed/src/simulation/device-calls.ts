import { intermediaryContract } from '@postern/contracts';
import { PosternError, Seconds } from '@postern/core';
import {
  type InformationSource,
  intermediaryLink,
  START_NOTICE_ACTION,
  type UseLink,
  writeStartNotice,
} from '@postern/device-emulator/compose';
import { createSoapClientOver, type SoapService } from '@postern/soap-rpc';
import type { UpdateTarget } from '@postern/software-update';
import type { Life } from './life.ts';
import type { SiteDoor } from './site-node.ts';
import { soapOver } from './soap.ts';
import type { World } from './world.ts';

/** How a device in one of its lives calls its intermediary. */
export interface DeviceCalls {
  readonly world: World;
  readonly life: Life;
  readonly deviceId: string;
  /** The intermediary's name. */
  readonly siteName: string;
  readonly site: () => SiteDoor | undefined;
}

/** The firmware's link, over TLS where it proves who it is. */
export const firmwareLink = (calls: DeviceCalls, information: InformationSource): UseLink => {
  const { life, deviceId } = calls;
  const proved = information.settings.secureLink !== 'intermediary-authenticated';
  const client = createSoapClientOver(intermediaryContract, {
    transport: soapOver(calls.world, {
      ...wayOf(calls, 'secure'),
      path: 'proved',
      peer: proved ? { role: 'device', name: deviceId } : undefined,
    }),
    clock: life.clock,
    deadline: Seconds(15),
  });
  const link = intermediaryLink(information, (operation, request, signal) =>
    client.call(operation, request, { signal }),
  );
  return (work) => work(link);
};

/** The updater program's start notification, in plain HTTP. */
export const postStartNotice = async (
  calls: DeviceCalls,
  { settings }: Pick<InformationSource, 'settings'>,
  target: UpdateTarget,
  signal: AbortSignal,
): Promise<void> => {
  const device = {
    deviceId: calls.deviceId,
    program: 'updater-program',
    bulkPath: settings.ftp,
  } as const;
  const { notifyStartAt: _, ...notification } = target.startNotification();
  const { status } = await soapOver(calls.world, {
    ...wayOf(calls, 'notice'),
    path: 'plain',
    peer: undefined,
  }).send({
    headers: { 'content-type': 'text/xml; charset=utf-8', soapaction: `"${START_NOTICE_ACTION}"` },
    body: writeStartNotice({ ...device, ...notification }),
    signal,
  });
  if (status !== 200) throw new PosternError('notice-refused', `HTTP ${status}`);
};

const wayOf = ({ life, deviceId, siteName, site }: DeviceCalls, which: 'secure' | 'notice') => ({
  label: `${deviceId} → ${siteName}`,
  from: life,
  to: () => serving(site(), which),
  remoteAddress: deviceId,
});

const serving = (
  door: SiteDoor | undefined,
  which: 'secure' | 'notice',
): { readonly life: Life; readonly service: SoapService } | undefined =>
  door && { life: door.life, service: door[which] };
