import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { contractFiles, generate } from '../../generator/generate.js';

const GENERATED = new URL('../../src/generated/', import.meta.url);

test('the generated code is what wsdl/ says now (otherwise: npm run generate)', () => {
  const expected = generate(contractFiles());
  expect(readdirSync(GENERATED).sort()).toEqual([...expected.keys()].sort());
  for (const [name, text] of expected) {
    expect({ name, same: readFileSync(new URL(name, GENERATED), 'utf8') === text }).toEqual({
      name,
      same: true,
    });
  }
});

const mutated = (name: string, from: string, to: string): Map<string, string> => {
  const files = contractFiles();
  const text = files.get(name) ?? '';
  expect(text).toContain(from);
  return files.set(name, text.replace(from, to));
};

const outsideTheSubset: readonly [what: string, file: string, from: string, to: string, message: RegExp][] = [
  [
    'xs:any',
    'types.xsd',
    '<xs:element name="hint" type="t:Text" minOccurs="0"/>',
    '<xs:any/>',
    /types\.xsd: <xs:any>.*outside/,
  ],
  ['xs:all', 'types.xsd', '<xs:sequence>', '<xs:all/><xs:sequence>', /types\.xsd: <xs:all>.*outside/],
  [
    'an attribute',
    'types.xsd',
    '</xs:sequence>',
    '</xs:sequence><xs:attribute name="a"/>',
    /<xs:attribute "a">.*outside/,
  ],
  [
    'nillable',
    'types.xsd',
    'name="hint"',
    'name="hint" nillable="true"',
    /<xs:element "hint"> has @nillable/,
  ],
  ['a default', 'types.xsd', 'name="hint"', 'name="hint" default="x"', /<xs:element "hint"> has @default/],
  [
    'an unbounded list',
    'types.xsd',
    'maxOccurs="64"',
    'maxOccurs="unbounded"',
    /must have finite occurrence limits/,
  ],
  [
    'an unknown built-in type',
    'types.xsd',
    'type="xs:dateTime"',
    'type="xs:duration"',
    /has type xs:duration/,
  ],
  [
    'a facet of another primitive',
    'types.xsd',
    '<xs:maxInclusive',
    '<xs:maxLength',
    /does not apply to integer/,
  ],
  [
    'an unknown facet',
    'types.xsd',
    '<xs:maxInclusive',
    '<xs:totalDigits',
    /<xs:totalDigits "2678400">.*outside/,
  ],
  [
    'a pattern JavaScript reads differently',
    'types.xsd',
    '[0-9a-f]{64}',
    '\\i[0-9a-f]{63}',
    /JavaScript reads differently/,
  ],
  ['a type nobody defines', 'types.xsd', 'type="t:HostText"', 'type="t:Hostess"', /no type types\.Hostess/],
  [
    'an element nobody declares',
    'uplink.xsd',
    'ref="d:SetPolling"',
    'ref="d:SetPoll"',
    /no element element:device\.SetPoll/,
  ],
  [
    'a repeated option',
    'uplink.xsd',
    'ref="d:SetPolling"',
    'ref="d:Activate"',
    /two elements of the same local name/,
  ],
  [
    'an optional option',
    'uplink.xsd',
    '<xs:element ref="d:Activate"/>',
    '<xs:element ref="d:Activate" minOccurs="0"/>',
    /exactly once/,
  ],
  ['unqualified elements', 'types.xsd', 'elementFormDefault="qualified"', '', /elementFormDefault/],
  [
    'an unknown import',
    'uplink.xsd',
    'schemaLocation="types.xsd"',
    'schemaLocation="typos.xsd"',
    /typos\.xsd: no such contract file/,
  ],
  [
    'a message without element',
    'uplink.wsdl',
    'element="u:PollResponse"',
    'element="u:PullResponse"',
    /u:PullResponse, which no schema declares/,
  ],
  [
    'RPC style',
    'uplink.wsdl',
    '<soap:binding style="document"',
    '<soap:binding style="rpc"',
    /not style="document"/,
  ],
  [
    'bindings that differ',
    'uplink.wsdl',
    '<soap12:operation soapAction="urn:postern:uplink:1:Poll"',
    '<soap12:operation soapAction="urn:x"',
    /bindings that differ/,
  ],
  ['broken XML', 'types.xsd', '</xs:schema>', '', /types\.xsd/],
];

test.each(outsideTheSubset)('the generator refuses %s and names the place', (_, file, from, to, message) => {
  expect(() => generate(mutated(file, from, to))).toThrow(message);
});
