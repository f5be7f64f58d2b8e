// What the drivers of npm's two toolkits share: both take arguments, describe themselves and fail alike.
import { readFileSync } from 'node:fs';

/** Arguments as they take them: bytes and times as the text that stands in the message. */
const given = (value) => {
  if (Array.isArray(value)) return value.map(given);
  if (typeof value !== 'object' || value === null) return value;
  if ('$bytes' in value) return value.$bytes;
  if ('$time' in value) return value.$time;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, given(item)]));
};

/** A file of the job that need not be there. */
export const read = (path) => (path === undefined ? undefined : readFileSync(path));

export const readSecret = (path) => readFileSync(path, 'utf8').trim();

/** The operations of the port that speaks this version of SOAP. */
export const operationsOf = (client, version) => {
  const [[service, ports]] = Object.entries(client.describe());
  const suffix = version === '1.2' ? 'Soap12Port' : 'Soap11Port';
  const port = Object.keys(ports).find((name) => name.endsWith(suffix));
  return client[service][port];
};

/** What the toolkit makes of a refusal; without a fault in it only what it says to people. */
const understood = (error) => {
  const fault = error.Fault ?? error.root?.Envelope?.Body?.Fault;
  if (fault === undefined) return { text: error.message, failure: null };
  const text = fault.faultstring ?? fault.Reason?.Text?.$value ?? fault.Reason?.Text;
  return { text, failure: (fault.detail ?? fault.Detail)?.Failure ?? null };
};

/**
 * Carries out a job (see ../toolkit.ts) from standard input, and prints a line of JSON a call.
 *
 * @param clientOf opens the client of a job: resolves with `call(operation, arguments, callback)`
 */
export const runJob = async (clientOf) => {
  const job = JSON.parse(readFileSync(0, 'utf8'));
  const call = await clientOf(job);
  for (const { operation, arguments: args } of job.calls) {
    const done = await new Promise((resolve) => {
      call(operation, given(args), (error, answer) =>
        resolve(error ? { fault: understood(error) } : { answer }),
      );
    });
    console.log(JSON.stringify({ operation, ...done }));
  }
};
