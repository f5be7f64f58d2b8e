// Calls operations of a contract with npm's `strong-soap`. A job on standard input (see ../toolkit.ts), a line of JSON a call.
import { readFileSync } from 'node:fs';
import strongSoap from 'strong-soap';

const { soap } = strongSoap;

/** Arguments as `strong-soap` takes them: bytes and times as the text that stands in the message. */
const given = (value) => {
  if (Array.isArray(value)) return value.map(given);
  if (typeof value !== 'object' || value === null) return value;
  if ('$bytes' in value) return value.$bytes;
  if ('$time' in value) return value.$time;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, given(item)]));
};

const open = (url, options) =>
  new Promise((resolve, reject) => {
    soap.createClient(url, options, (error, client) => (error ? reject(error) : resolve(client)));
  });

const read = (path) => (path === undefined ? undefined : readFileSync(path));

const clientOf = async ({ wsdl, version, tls, basic }) => {
  const connection = { ca: read(tls.ca), cert: read(tls.cert), key: read(tls.key) };
  const client = await open(wsdl, { wsdl_options: connection });
  if (basic) {
    const password = readFileSync(basic.passwordFile, 'utf8').trim();
    client.setSecurity(new soap.BasicAuthSecurity(basic.user, password));
  }
  const [[service, ports]] = Object.entries(client.describe());
  const suffix = version === '1.2' ? 'Soap12Port' : 'Soap11Port';
  const port = Object.keys(ports).find((name) => name.endsWith(suffix));
  return { operations: client[service][port], connection };
};

const failureOf = (error) => {
  const fault = error.Fault ?? error.root?.Envelope?.Body?.Fault;
  if (fault === undefined) throw error;
  const text = fault.faultstring ?? fault.Reason?.Text?.$value ?? fault.Reason?.Text;
  return { text, failure: (fault.detail ?? fault.Detail)?.Failure };
};

const call = async ({ operations, connection }, { operation, arguments: args }) => {
  const done = await new Promise((resolve, reject) => {
    const answered = (error, answer) => {
      if (!error) return resolve({ answer });
      try {
        return resolve({ fault: failureOf(error) });
      } catch (unexpected) {
        return reject(unexpected);
      }
    };
    operations[operation](given(args), answered, connection);
  });
  return { operation, ...done };
};

const job = JSON.parse(readFileSync(0, 'utf8'));
const client = await clientOf(job);
for (const each of job.calls) console.log(JSON.stringify(await call(client, each)));
