import type { Flaw, WrittenAnswer } from './flaw.ts';

const OTHER: Readonly<Record<string, string>> = {
  'text/xml; charset=utf-8': 'application/soap+xml; charset=utf-8',
  'application/soap+xml; charset=utf-8': 'text/xml; charset=utf-8',
};

/** Flaws of TLS, HTTP and SOAP, in both contracts. */
export const flawsOfTalk = {
  'answers-anything': {
    takesHugeBodies: true,
    answer: (answer, instead) =>
      answer.status === 200
        ? answer
        : {
            status: 200,
            contentType: 'text/xml; charset=utf-8',
            body: `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${instead}</s:Body></s:Envelope>`,
          },
  },
  'answers-with-more': {
    answer: (answer) => ({
      ...answer,
      body: answer.body.replace(/<(\w+Response)( [^>]*?)?\/?>/, '<$1$2><more/>'),
    }),
  },
  'speaks-other-version': {
    answer: (answer: WrittenAnswer) => ({
      ...answer,
      contentType: OTHER[answer.contentType] ?? answer.contentType,
    }),
  },
  'refuses-without-reason': {
    answer: (answer) => ({ ...answer, body: answer.body.replace(/<detail>.*<\/detail>/s, '') }),
  },
  'asks-no-certificate': { asksNoCertificate: true },
  'asks-no-credential': { asksNoCredential: true },
  'takes-any-role': { takesAnyRole: true },
  'shows-another-contract': { showsAnotherContract: true },
  'speaks-plain': { speaksPlain: true },
} satisfies Record<string, Flaw>;
