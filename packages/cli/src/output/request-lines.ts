import type { RequestView } from '@postern/management-server/client';
import { table } from './print.ts';

/** Longest result in a table, in characters. */
const LONGEST_CELL = 100;

/** What became of requests: a line for each target; where there is one alone, its whole answer. */
export const requestLines = (requests: readonly RequestView[]): readonly string[] => {
  const rows = requests.map((request) => [whom(request), request.state, summary(request)]);
  const [only] = requests;
  if (only === undefined || requests.length > 1) return table([['TARGET', 'STATE', 'RESULT'], ...rows]);
  return [
    `${whom(only)}: ${only.state}${reason(only)}`,
    ...answerLines(only.answer).map((line) => `  ${line}`),
  ];
};

/** Requests of any orders, for lists. */
export const requestTable = (requests: readonly RequestView[]): readonly string[] =>
  table([
    ['ID', 'ORDERED', 'KIND', 'TARGET', 'STATE', 'RESULT'],
    ...requests.map((request) => [
      request.id,
      request.orderedAt,
      request.kind,
      whom(request),
      request.state,
      summary(request),
    ]),
  ]);

/** As it was ordered: `mfp-9`, or `mfp-9 at hall-3`. */
const whom = ({ target, at }: RequestView): string => (at === null ? target : `${target} at ${at}`);

const summary = (request: RequestView): string => {
  if (request.failure !== null) return shortened(`${request.failure.code}: ${request.failure.message}`);
  if (request.answerLeftOut) return '(long)';
  return shortened(answerLines(request.answer).join(', '));
};

const reason = ({ failure, answer, endedAt, answeredAt }: RequestView): string => {
  if (failure !== null)
    return ` (${failure.code}: ${failure.message})${failure.hint ? `\n  ${failure.hint}` : ''}`;
  return answer !== null && endedAt !== answeredAt ? `; answered at ${answeredAt}` : '';
};

const shortened = (text: string): string => {
  const line = text.replace(/\s+/g, ' ');
  return line.length > LONGEST_CELL ? `${line.slice(0, LONGEST_CELL - 1)}…` : line;
};

/** An answer in its JSON form as lines: one for each item of a list, and for each field. */
export const answerLines = (answer: unknown): readonly string[] => {
  if (typeof answer !== 'object' || answer === null) return [];
  const entries = Object.entries(answer);
  return entries.flatMap(([name, value]) => {
    if (Array.isArray(value)) return value.map(itemText);
    if (typeof value === 'object' && value !== null) return answerLines(value);
    const text = printable(String(value));
    return entries.length === 1 ? text.split('\n') : [`${name}=${text}`];
  });
};

const itemText = (item: unknown): string => {
  if (typeof item !== 'object' || item === null) return printable(String(item));
  const fields = Object.values(item).map((value) =>
    printable(typeof value === 'object' ? JSON.stringify(value) : String(value)),
  );
  const isPair = Object.keys(item).join() === 'name,value';
  return fields.join(isPair ? '=' : '  ');
};

/** What devices say is shown, never obeyed: no control character reaches the terminal but a line's end. */
const printable = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced.
  text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, ' ');
