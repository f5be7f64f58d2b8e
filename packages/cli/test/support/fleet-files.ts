import { writeFile } from 'node:fs/promises';
import { generateVendorKey } from '@postern/software-update';
import { openWorkplace, type Workplace } from './workplace.ts';

/** A CA, and the configuration of a fleet below an intermediary that nobody runs: {@link fleetOptions}. */
export const openFleetFiles = async (): Promise<Workplace> => {
  const place = await openWorkplace();
  await writeFile(place.path('vendor.pub'), generateVendorKey().publicKeyPem);
  const configuration = {
    dataDir: place.path('devices'),
    vendorKeyFiles: [place.path('vendor.pub')],
    // Nobody listens there: what devices have to say is not heard.
    intermediary: { name: 'site-a', secureUrl: 'https://127.0.0.1:1/i', noticeUrl: 'http://127.0.0.1:1/i' },
  };
  await writeFile(place.path('devices.json'), JSON.stringify(configuration));
  return place;
};

/** Options of `postern device` for a fleet of that configuration. */
export const fleetOptions = (place: Workplace, count: number): readonly string[] => [
  ...['--config', place.path('devices.json'), '--pki', place.path('.')],
  ...['--count', String(count), '--log-level', 'silent'],
];
