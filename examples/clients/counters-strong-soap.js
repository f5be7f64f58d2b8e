// Counters of all devices, as a billing system reads them, with npm's `strong-soap`.
//
//     node counters-strong-soap.js https://server.example:8444 ca.pem operator.token
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import strongSoap from 'strong-soap';

const { soap } = strongSoap;
const [url, caFile, tokenFile] = process.argv.slice(2);
const connection = { ca: readFileSync(caFile) };

const createClient = promisify(soap.createClient);
const operator = await createClient(`${url}/soap/operator?wsdl`, { wsdl_options: connection });
operator.setSecurity(new soap.BasicAuthSecurity('operator', readFileSync(tokenFile, 'utf8').trim()));

const listDevices = (filter) =>
  new Promise((resolve, reject) => {
    const answered = (error, answer) => (error ? reject(error) : resolve(answer.page));
    operator.ListDevices(filter, answered, connection);
  });

/** A list of one may come as the one. */
const list = (value) => (value === undefined ? [] : [value].flat());

let after;
do {
  const page = await listDevices({ withCounters: true, ...(after && { after }) });
  for (const { id, counters } of list(page.device)) {
    for (const { name, value } of list(counters?.counter)) console.log(`${id},${name},${value}`);
  }
  after = page.next;
} while (after);
