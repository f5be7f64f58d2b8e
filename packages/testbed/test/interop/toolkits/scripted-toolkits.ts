import { fileURLToPath } from 'node:url';
import { toPlain } from '../../toolkits/plain-values.ts';
import { type Job, runDriver, type Toolkit } from './toolkit.ts';

/** A toolkit whose driver reads a job in JSON. */
const scripted = (name: string, command: string, driver: string): Toolkit => ({
  name,
  run: (job) => runDriver(command, [driverPath(driver)], JSON.stringify(toScript(job))),
});

export const driverPath = (file: string): string =>
  fileURLToPath(new URL(`drivers/${file}`, import.meta.url));

const toScript = ({ url, version, tls, basic, bearer, calls }: Job): object => ({
  wsdl: `${url}?wsdl`,
  version,
  tls,
  basic,
  bearer,
  calls: calls.map(({ operation, request, requestType }) => ({
    operation,
    arguments: toPlain(requestType, request),
  })),
});

/** Debian's own Python: another one may be found first. */
export const zeep = scripted('zeep', '/usr/bin/python3', 'zeep_calls.py');
export const php = scripted('php', 'php', 'soap_client_calls.php');
export const nodeSoap = scripted('soap', process.execPath, 'soap_calls.js');
export const strongSoap = scripted('strong-soap', process.execPath, 'strong_soap_calls.js');
