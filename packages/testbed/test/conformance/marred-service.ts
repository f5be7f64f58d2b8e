import type { SoapResponse, SoapService } from '@postern/soap-rpc';

/** What is wrong with the answers of a service themselves. */
export type ServiceFlaw =
  | 'answers-anything'
  | 'answers-with-more'
  | 'speaks-other-version'
  | 'refuses-without-reason';

/**
 * A service with a flaw in its answers, or with one of another kind that is none of its answers.
 *
 * @param payload of an answer that would be good: what is said to whatever comes
 */
export const marred = (service: SoapService, flaw: string | undefined, payload: string): SoapService => ({
  file: service.file,
  handle: async (request) => marredAnswer(await service.handle(request), flaw, payload),
});

const OTHER: Readonly<Record<string, string>> = {
  'text/xml; charset=utf-8': 'application/soap+xml; charset=utf-8',
  'application/soap+xml; charset=utf-8': 'text/xml; charset=utf-8',
};

const marredAnswer = (answer: SoapResponse, flaw: string | undefined, payload: string): SoapResponse => {
  if (flaw === 'answers-with-more') {
    return { ...answer, body: answer.body.replace(/<(\w+Response)( [^>]*?)?\/?>/, '<$1$2><more/>') };
  }
  if (flaw === 'speaks-other-version') {
    return { ...answer, contentType: OTHER[answer.contentType] ?? answer.contentType };
  }
  if (flaw === 'refuses-without-reason') {
    return { ...answer, body: answer.body.replace(/<detail>.*<\/detail>/s, '') };
  }
  if (flaw !== 'answers-anything' || answer.status === 200) return answer;
  const body = `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>${payload}</soap:Body></soap:Envelope>`;
  return { status: 200, contentType: 'text/xml; charset=utf-8', body };
};
