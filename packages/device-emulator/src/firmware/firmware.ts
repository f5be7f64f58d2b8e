import { type Closers, createClosers } from '@postern/core';
import type { EnrolledNode, RevocationList } from '@postern/pki';
import type { SoapService } from '@postern/soap-rpc';
import type { BulkService } from '@postern/software-update';
import { openBulkServer } from '../adapters/bulk-server.ts';
import type { DeviceSettings } from '../device-settings.ts';
import type { BulkServer, ProgramContext, RunningProgram } from '../program.ts';
import { composeFirmware, type FirmwareParts } from './compose-firmware.ts';
import type { InformationSource } from './device-information.ts';
import { linkUser } from './intermediary-link.ts';
import { openPlainPath, openSecurePath } from './listeners.ts';
import { signedPlacement } from './placement.ts';

export interface FirmwareContext
  extends ProgramContext,
    Omit<FirmwareParts, 'information' | 'useLink' | 'placement'> {
  readonly node: EnrolledNode;
  /** Absent where nobody is ever revoked. */
  readonly revocations?: RevocationList | undefined;
  readonly service: BulkService;
  /** Only of a device without a clock; drawn at this start. */
  readonly freshnessNonce: string | undefined;
  /** The secure path with the faults of the device. */
  readonly disturbed: (service: SoapService) => SoapService;
}

/** The normal program: secure path, bulk path, plain path where there is one, and the calls to the intermediary. */
export const startFirmware = async (
  settings: DeviceSettings,
  context: FirmwareContext,
): Promise<RunningProgram> => {
  const { clock, target, node, revocations } = context;
  const closers = createClosers();
  const open: { bulk?: BulkServer; soap?: Listener; plain?: Listener } = {};
  const information: InformationSource = {
    settings,
    versions: () => target.versions,
    soapPort: () => open.soap?.port ?? 0,
    ftpPort: () => open.bulk?.port ?? 0,
    plainPort: () => open.plain?.port,
    bulkHostKey: () => open.bulk?.fingerprint,
    freshnessNonce: context.freshnessNonce,
  };
  const useLink = linkUser({ node, revocations, information, clock });
  const placement = (): Promise<Uint8Array> => signedPlacement(settings.intermediary.name, node, context);
  const firmware = composeFirmware({ ...context, information, useLink, placement });
  try {
    open.bulk = await kept(
      closers,
      openBulkServer(settings.ftp, { ...context, service: firmware.bulk(context.service) }),
    );
    open.soap = await kept(closers, openSecurePath(settings, context, context.disturbed(firmware.secure)));
    if (settings.plain !== undefined) {
      open.plain = await kept(closers, openPlainPath(settings.plain, context, firmware.plain));
    }
  } catch (error) {
    await closers.close();
    throw error;
  }
  const announcing = Promise.all([firmware.introduce(), firmware.sendNotices()]);
  return {
    ftpPort: open.bulk.port,
    soapPort: open.soap.port,
    ...(open.plain === undefined ? {} : { plainPort: open.plain.port }),
    orderUpdate: firmware.orderUpdate,
    placeCall: firmware.placeCall,
    stop: async () => {
      await Promise.all([closers.close(), announcing]);
    },
  };
};

interface Listener {
  readonly port: number;
  close(): Promise<void>;
}

/** A listener that is closed with the others. */
const kept = async <T extends Listener>(closers: Closers, opening: Promise<T>): Promise<T> => {
  const listener = await opening;
  closers.add(() => listener.close());
  return listener;
};
