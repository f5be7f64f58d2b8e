// Counters of all devices, as a billing system reads them, with npm's `soap`.
//
//     node counters-soap.js https://server.example:8444 ca.pem operator.token
import { readFileSync } from 'node:fs';
import https from 'node:https';
import soap from 'soap';

const [url, caFile, tokenFile] = process.argv.slice(2);
const httpsAgent = new https.Agent({ ca: readFileSync(caFile) });

const operator = await soap.createClientAsync(`${url}/soap/operator?wsdl`, { wsdl_options: { httpsAgent } });
const token = readFileSync(tokenFile, 'utf8').trim();
operator.setSecurity(new soap.BasicAuthSecurity('operator', token, { httpsAgent }));

let after;
do {
  const [{ page }] = await operator.ListDevicesAsync({ withCounters: true, ...(after && { after }) });
  for (const { id, counters } of page.device ?? []) {
    for (const { name, value } of counters?.counter ?? []) console.log(`${id},${name},${value}`);
  }
  after = page.next;
} while (after);
