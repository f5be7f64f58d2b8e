// Calls operations of a contract with npm's `soap`.
import https from 'node:https';
import soap from 'soap';
import { operationsOf, read, readSecret, runJob } from './npm-toolkit.js';

const securityOf = ({ tls, basic, bearer }, [ca, cert, key], httpsAgent) => {
  if (basic) return new soap.BasicAuthSecurity(basic.user, readSecret(basic.passwordFile), { httpsAgent });
  if (bearer) return new soap.BearerSecurity(readSecret(bearer.tokenFile), { httpsAgent });
  return tls.cert ? new soap.ClientSSLSecurity(key, cert, ca) : undefined;
};

await runJob(async (job) => {
  const { wsdl, version, tls } = job;
  const files = [read(tls.ca), read(tls.cert), read(tls.key)];
  const [ca, cert, key] = files;
  const httpsAgent = new https.Agent({ ca, cert, key });
  const client = await soap.createClientAsync(wsdl, {
    wsdl_options: { httpsAgent },
    forceSoap12Headers: version === '1.2',
  });
  client.setSecurity(securityOf(job, files, httpsAgent));
  const operations = operationsOf(client, version);
  return (operation, args, answered) => operations[operation](args, answered);
});
