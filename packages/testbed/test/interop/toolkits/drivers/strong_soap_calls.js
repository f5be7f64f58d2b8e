// Calls operations of a contract with npm's `strong-soap`.
import strongSoap from 'strong-soap';
import { operationsOf, read, readSecret, runJob } from './npm-toolkit.js';

const { soap } = strongSoap;

const open = (url, options) =>
  new Promise((resolve, reject) => {
    soap.createClient(url, options, (error, client) => (error ? reject(error) : resolve(client)));
  });

await runJob(async ({ wsdl, version, tls, basic, bearer }) => {
  const connection = { ca: read(tls.ca), cert: read(tls.cert), key: read(tls.key) };
  const client = await open(wsdl, { wsdl_options: connection });
  if (basic) client.setSecurity(new soap.BasicAuthSecurity(basic.user, readSecret(basic.passwordFile)));
  if (bearer) client.setSecurity(new soap.BearerSecurity(readSecret(bearer.tokenFile)));
  const operations = operationsOf(client, version);
  return (operation, args, answered) => operations[operation](args, answered, connection);
});
