import { expect, test } from '@jest/globals';
import { decodeDocument, defaultXmlLimits, deviceContract, uplinkContract } from '@postern/contracts';

const { Poll, Deliver } = uplinkContract.operations;
const { StoreOneTimePassword } = deviceContract.operations;

const poll = (inside: string): string => `<Poll xmlns="urn:postern:uplink:1">${inside}</Poll>`;
const HEAD = '<sessionId>s</sessionId><holdSeconds>1</holdSeconds><capacity>1</capacity>';
const response = (inside: string): string =>
  poll(`${HEAD}<responses><response>${inside}</response></responses>`);
const XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';

const refusals: readonly [what: string, document: string, code: string, message: RegExp][] = [
  [
    'an unknown root',
    '<Pull xmlns="urn:postern:uplink:1"/>',
    'element-unexpected',
    /found <Pull>, expected <Poll>/,
  ],
  ['the root in no namespace', '<Poll/>', 'element-namespace-wrong', /in the namespace "" instead of/],
  ['nothing inside', poll(''), 'element-missing', /^Poll: expected <sessionId>, found the end/],
  [
    'a missing element',
    poll('<sessionId>s</sessionId><capacity>1</capacity>'),
    'element-missing',
    /^Poll: found <capacity>, expected <holdSeconds>/,
  ],
  [
    'a repeated element',
    poll(`${HEAD}<capacity>2</capacity>`),
    'element-repeated',
    /<capacity> may occur once/,
  ],
  [
    'an element repeated later',
    poll(`${HEAD}<received/><holdSeconds>2</holdSeconds>`),
    'element-repeated',
    /<holdSeconds> out of order/,
  ],
  [
    'optional elements out of order',
    poll(`${HEAD}<devices><revision>1</revision><complete>1</complete></devices><received/>`),
    'element-unexpected',
    /<received> out of order/,
  ],
  [
    'an unknown element at the end',
    poll(`${HEAD}<more/>`),
    'element-unexpected',
    /found <more>, expected the end/,
  ],
  [
    'a child of another namespace',
    poll('<sessionId xmlns="urn:x">s</sessionId>'),
    'element-namespace-wrong',
    /^Poll: found <sessionId> in the namespace "urn:x"/,
  ],
  [
    'an element inside text',
    poll('<sessionId>s<b/></sessionId>'),
    'element-unexpected',
    /^Poll\/sessionId: found <b>, expected text only/,
  ],
  ['text between elements', poll(`${HEAD}hello`), 'text-unexpected', /^Poll: /],
  ['CDATA between elements', poll(`<![CDATA[x]]>${HEAD}`), 'text-unexpected', /^Poll: /],
  [
    'an attribute',
    poll(HEAD).replace('<sessionId', '<sessionId id="1"'),
    'attribute-unexpected',
    /^Poll\/sessionId: the attribute "id"/,
  ],
  [
    'xml:lang',
    poll(HEAD).replace('<sessionId', '<sessionId xml:lang="en"'),
    'attribute-unexpected',
    /"lang"/,
  ],
  [
    'xsi:nil',
    poll(`${HEAD}<received ${XSI} xsi:nil="true"/>`),
    'attribute-unexpected',
    /^Poll\/received: the attribute "nil"/,
  ],
  [
    'a choice without a choice',
    response('<requestId>a</requestId><at>2026-01-01T00:00:00Z</at>'),
    'element-missing',
    /^Poll\/responses\/response\[1\]: expected one of <Failure>/,
  ],
  [
    'a choice of two',
    response(
      '<requestId>a</requestId><at>2026-01-01T00:00:00Z</at><ActivateResponse xmlns="urn:postern:device:1"/><ShowResultResponse xmlns="urn:postern:device:1"/>',
    ),
    'element-repeated',
    /<ShowResultResponse> may occur once/,
  ],
  [
    'a list beyond its limit',
    `<Deliver xmlns="urn:postern:uplink:1"><deliveryId>d</deliveryId><deviceId>d</deviceId><route>${'<node>n</node>'.repeat(17)}</route></Deliver>`,
    'element-repeated',
    /^Deliver\/route: <node> may occur 16 times/,
  ],
  [
    'a list below its limit',
    '<Deliver xmlns="urn:postern:uplink:1"><deliveryId>d</deliveryId><deviceId>d</deviceId><route/></Deliver>',
    'element-missing',
    /^Deliver\/route: expected <node>/,
  ],
];

test.each(refusals)('%s is refused', (_, document, code, message) => {
  const codec = document.startsWith('<Deliver') ? Deliver.request : Poll.request;
  expect(() => decodeDocument<unknown>(codec, document)).toThrow(
    expect.objectContaining({ code, message: expect.stringMatching(message) }),
  );
});

const values: readonly [element: string, value: string][] = [
  ['sessionId', ''],
  ['sessionId', ' s'],
  ['sessionId', 's s'],
  ['sessionId', 'x'.repeat(65)],
  ['holdSeconds', ''],
  ['holdSeconds', 'abc'],
  ['holdSeconds', '1.0'],
  ['holdSeconds', '1e3'],
  ['holdSeconds', '0x10'],
  ['holdSeconds', '-1'],
  ['holdSeconds', '2678401'],
  ['holdSeconds', '١'],
  ['capacity', '65536'],
  ['capacity', '99999999999999999999'],
];

test.each(values)('%s cannot be "%s"', (element, value) => {
  const document = poll(HEAD.replace(new RegExp(`(<${element}>)[^<]*`), `$1${value}`));
  expect(() => decodeDocument(Poll.request, document)).toThrow(
    expect.objectContaining({ code: 'value-invalid', message: expect.stringMatching(`^Poll/${element}: `) }),
  );
});

const times = [
  '2026-01-01',
  '2026-01-01T00:00:00',
  '2026-02-30T00:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-01-01T24:00:01Z',
  '2026-01-01T00:60:00Z',
  '2026-01-01T00:00:60Z',
  '2026-01-01T00:00:00+15:00',
  '2026-01-01T00:00:00.Z',
  '-2026-01-01T00:00:00Z',
  '0000-01-01T00:00:00Z',
  '12026-01-01T00:00:00Z',
];

test.each(times)('%s is no date and time with time zone', (time) => {
  const document = response(`<requestId>a</requestId><at>${time}</at>`);
  expect(() => decodeDocument(Poll.request, document)).toThrow(
    expect.objectContaining({
      code: 'value-invalid',
      message: expect.stringMatching(/^Poll\/responses\/response\[1\]\/at: /),
    }),
  );
});

const store = (password: string, rest = ''): string =>
  `<StoreOneTimePassword xmlns="urn:postern:device:1"><userName>u</userName><oneTimePassword>${password}</oneTimePassword><lifetimeSeconds>1</lifetimeSeconds><jobId>j</jobId>${rest}</StoreOneTimePassword>`;

test.each(['short', 'has a space in it', `${'x'.repeat(129)}`, 'umlaut-ü-inside'])(
  'a refused one-time password is not repeated: %s',
  (password) => {
    expect(() => decodeDocument(StoreOneTimePassword.request, store(password))).toThrow(
      expect.objectContaining({ code: 'value-invalid', message: expect.not.stringContaining(password) }),
    );
    const value = { userName: 'u', oneTimePassword: password, lifetimeSeconds: 1, jobId: 'j' };
    expect(() => StoreOneTimePassword.request.write(value)).toThrow(
      expect.objectContaining({ code: 'value-invalid', message: expect.not.stringContaining(password) }),
    );
  },
);

test.each([
  ['not base64', '!!!!'],
  ['not padded', 'QUI'],
  ['stray bits at the end', `${'A'.repeat(42)}B=`],
  ['31 bytes', Buffer.alloc(31).toString('base64')],
  ['33 bytes', Buffer.alloc(33).toString('base64')],
])('a key that is %s is refused and not repeated', (_, key) => {
  expect(() =>
    decodeDocument(StoreOneTimePassword.request, store('12345678', `<reportKey>${key}</reportKey>`)),
  ).toThrow(expect.objectContaining({ code: 'value-invalid', message: expect.not.stringContaining(key) }));
});

const malformed: readonly [what: string, document: string, code: string][] = [
  ['a DOCTYPE', '<!DOCTYPE Poll><Poll/>', 'doctype-forbidden'],
  [
    'an external entity',
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    'doctype-forbidden',
  ],
  ['an unknown entity', poll('<sessionId>&x;</sessionId>'), 'entity-forbidden'],
  [
    'an entity that is a property of objects',
    poll('<sessionId>&constructor;</sessionId>'),
    'entity-forbidden',
  ],
  ['a character reference to NUL', poll('<sessionId>&#0;</sessionId>'), 'entity-forbidden'],
  ['a character reference to a surrogate', poll('<sessionId>&#xD800;</sessionId>'), 'entity-forbidden'],
  ['a processing instruction', poll('<?php x?>'), 'processing-instruction-forbidden'],
  [
    'a stylesheet instruction',
    `<?xml-stylesheet href="x"?>${poll(HEAD)}`,
    'processing-instruction-forbidden',
  ],
  ['NUL', poll('<sessionId>\0</sessionId>'), 'xml-malformed'],
  ['XML 1.1', `<?xml version="1.1"?>${poll(HEAD)}`, 'encoding-unsupported'],
  ['a declared encoding', `<?xml version="1.0" encoding="ISO-8859-1"?>${poll(HEAD)}`, 'encoding-unsupported'],
  ['an unclosed element', '<Poll xmlns="urn:postern:uplink:1">', 'xml-malformed'],
  ['crossed tags', poll('<sessionId>s</capacity>'), 'xml-malformed'],
  ['two roots', poll(HEAD).repeat(2), 'xml-malformed'],
  ['text after the root', `${poll(HEAD)}x`, 'xml-malformed'],
  ['an empty document', '', 'xml-malformed'],
  ['a repeated attribute', '<Poll xmlns="urn:postern:uplink:1" xmlns="urn:x"/>', 'xml-malformed'],
  ['an undeclared prefix', '<p:Poll/>', 'xml-malformed'],
  [
    'a prefix used outside its scope',
    poll(`<p:x xmlns:p="urn:x"/>`).replace('<Poll', '<p:Poll'),
    'xml-malformed',
  ],
  ['a name of two colons', '<a:b:c xmlns:a="urn:x"/>', 'xml-malformed'],
  ['an undeclared prefix of an attribute', '<Poll xmlns="urn:postern:uplink:1" p:a="1"/>', 'xml-malformed'],
  ['the prefix xmlns declared', '<Poll xmlns:xmlns="urn:x"/>', 'xml-malformed'],
  ['the prefix xml bound elsewhere', '<Poll xmlns:xml="urn:x"/>', 'xml-malformed'],
  ['a prefix undeclared', '<Poll xmlns:p=""/>', 'xml-malformed'],
  [
    'many attributes',
    `<Poll ${Array.from({ length: 40 }, (_, i) => `a${i}="x"`).join(' ')}/>`,
    'too-many-attributes',
  ],
];

test.each(malformed)('%s is refused', (_, document, code) => {
  expect(() => decodeDocument(Poll.request, document)).toThrow(expect.objectContaining({ code }));
  expect(() => decodeDocument(Poll.request, Buffer.from(document))).toThrow(
    expect.objectContaining({ code }),
  );
});

test('bytes that are not UTF-8 are refused', () => {
  const bytes = Buffer.from(poll(HEAD), 'latin1');
  bytes[bytes.indexOf('s</')] = 0xe4;
  expect(() => decodeDocument(Poll.request, bytes)).toThrow(
    expect.objectContaining({ code: 'encoding-unsupported' }),
  );
});

test.each([
  ['too-deep', { depth: 1 }],
  ['too-many-elements', { elements: 3 }],
  ['text-too-long', { text: 3 }],
] as const)('beyond the limit: %s', (code, limits) => {
  const document = poll(HEAD.replace('>s<', '>long<'));
  expect(() => decodeDocument(Poll.request, document, { ...defaultXmlLimits, ...limits })).toThrow(
    expect.objectContaining({ code }),
  );
});

test('what other toolkits write is read: prefixes, white space, comments, CDATA, xsi attributes', () => {
  const document = `<?xml version="1.0" encoding="UTF-8"?>
    <u:Poll xmlns:u="urn:postern:uplink:1" xmlns:xs="http://www.w3.org/2001/XMLSchema" ${XSI}>
      <!-- hello --> <u:sessionId xsi:type="xs:string"><![CDATA[s]]>&#45;1</u:sessionId>
      <u:holdSeconds> +007
      </u:holdSeconds><u:capacity>1</u:capacity>
      <u:devices><u:revision>0</u:revision><u:complete>1</u:complete></u:devices>
    </u:Poll>`;
  expect(decodeDocument(Poll.request, document)).toEqual({
    sessionId: 's-1',
    holdSeconds: 7,
    capacity: 1,
    devices: { revision: 0, complete: true, device: [] },
  });
});

test.each([
  ['2026-01-01T01:00:00+01:00', '2026-01-01T00:00:00.000Z'],
  ['2025-12-31T19:00:00.1239-05:00', '2026-01-01T00:00:00.123Z'],
  ['2028-02-29T00:00:00Z', '2028-02-29T00:00:00.000Z'],
])('%s is the instant %s', (written, canonical) => {
  const document = response(
    `<requestId>a</requestId><at>${written}</at><ActivateResponse xmlns="urn:postern:device:1"/>`,
  );
  expect(Poll.request.write(decodeDocument(Poll.request, document))).toContain(`<at>${canonical}</at>`);
});

const unwritable: readonly [what: string, change: object, code: string, message: RegExp][] = [
  ['an absent value', { sessionId: undefined }, 'element-missing', /^Poll\/sessionId: /],
  ['a number as text', { holdSeconds: '1' }, 'value-invalid', /^Poll\/holdSeconds: not a safe integer/],
  ['a fraction', { holdSeconds: 1.5 }, 'value-invalid', /^Poll\/holdSeconds: /],
  [
    'an unsafe integer',
    { devices: { revision: 2 ** 53, complete: true, device: [] } },
    'value-invalid',
    /^Poll\/devices\/revision: /,
  ],
  ['an absent list', { received: {} }, 'element-missing', /^Poll\/received\/id: /],
  [
    'a long list',
    { received: { id: Array(1001).fill('a') } },
    'value-invalid',
    /^Poll\/received\/id: 1001 items/,
  ],
  [
    'a bad item',
    { received: { id: ['a', 'b b'] } },
    'value-invalid',
    /^Poll\/received\/id\[2\]: "b b" does not match/,
  ],
  [
    'an unknown choice',
    { responses: { response: [{ requestId: 'a', at: 0, body: { kind: 'Nothing', value: {} } }] } },
    'value-invalid',
    /^Poll\/responses\/response\[1\]\/body: kind is none of/,
  ],
  [
    'a control character',
    {
      responses: {
        response: [
          { requestId: 'a', at: 0, body: { kind: 'Failure', value: { code: 'a', message: '\u0001' } } },
        ],
      },
    },
    'value-invalid',
    /message: holds a character/,
  ],
  [
    'a lone surrogate',
    {
      responses: {
        response: [
          { requestId: 'a', at: 0, body: { kind: 'Failure', value: { code: 'a', message: '\ud800' } } },
        ],
      },
    },
    'value-invalid',
    /message: holds a character/,
  ],
];

test.each(unwritable)('%s cannot be written', (_, change, code, message) => {
  const value = { sessionId: 's', holdSeconds: 1, capacity: 1, ...change };
  expect(() => Poll.request.write(value as never)).toThrow(
    expect.objectContaining({ code, message: expect.stringMatching(message) }),
  );
});
