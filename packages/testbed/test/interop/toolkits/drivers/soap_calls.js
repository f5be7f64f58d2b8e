// Calls operations of a contract with npm's `soap`. A job on standard input (see ../toolkit.ts), a line of JSON a call.
import { readFileSync } from 'node:fs';
import https from 'node:https';
import soap from 'soap';

/** Arguments as `soap` takes them: bytes and times as the text that stands in the message. */
const given = (value) => {
  if (Array.isArray(value)) return value.map(given);
  if (typeof value !== 'object' || value === null) return value;
  if ('$bytes' in value) return value.$bytes;
  if ('$time' in value) return value.$time;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, given(item)]));
};

const read = (path) => (path === undefined ? undefined : readFileSync(path));

const clientOf = async ({ wsdl, version, tls, basic }) => {
  const [ca, cert, key] = [read(tls.ca), read(tls.cert), read(tls.key)];
  const httpsAgent = new https.Agent({ ca, cert, key });
  const client = await soap.createClientAsync(wsdl, {
    wsdl_options: { httpsAgent },
    forceSoap12Headers: version === '1.2',
  });
  client.setSecurity(
    basic
      ? new soap.BasicAuthSecurity(basic.user, readFileSync(basic.passwordFile, 'utf8').trim(), {
          httpsAgent,
        })
      : new soap.ClientSSLSecurity(key, cert, ca),
  );
  const [[service, ports]] = Object.entries(client.describe());
  const suffix = version === '1.2' ? 'Soap12Port' : 'Soap11Port';
  const port = Object.keys(ports).find((name) => name.endsWith(suffix));
  return { operations: client[service][port] };
};

const failureOf = (error) => {
  const fault = error.root?.Envelope?.Body?.Fault;
  if (fault === undefined) throw error;
  const text = fault.faultstring ?? fault.Reason?.Text?.$value ?? fault.Reason?.Text;
  return { text, failure: (fault.detail ?? fault.Detail)?.Failure };
};

const call = async ({ operations }, { operation, arguments: args }) => {
  const done = await new Promise((resolve, reject) => {
    operations[operation](given(args), (error, answer) => {
      if (error === null || error === undefined) return resolve({ answer });
      try {
        return resolve({ fault: failureOf(error) });
      } catch (unexpected) {
        return reject(unexpected);
      }
    });
  });
  return { operation, ...done };
};

const job = JSON.parse(readFileSync(0, 'utf8'));
const client = await clientOf(job);
for (const each of job.calls) console.log(JSON.stringify(await call(client, each)));
