import { expect, test } from '@jest/globals';
import { readOurs } from './saxes-oracle.ts';

const refused: readonly [what: string, document: Uint8Array | string, code: string][] = [
  // What saxes lets through.
  ['a second byte order mark', Buffer.from('\ufeff\ufeff<a/>'), 'xml-malformed'],
  ['a lone high surrogate', '<a>\ud800</a>', 'xml-malformed'],
  ['a lone low surrogate', '<a>\udc00</a>', 'xml-malformed'],
  ['a high surrogate before a letter', '<a>\ud800a</a>', 'xml-malformed'],
  ['a local name that begins with a digit', '<p:1 xmlns:p="urn:p"/>', 'xml-malformed'],
  ['a prefix that begins with a digit', '<a xmlns:1="urn:x"/>', 'xml-malformed'],
  // Namespaces.
  ['two attributes of one expanded name', '<a xmlns:p="u" xmlns:q="u" p:x="" q:x=""/>', 'xml-malformed'],
  ['an element of the prefix xmlns', '<xmlns:a/>', 'xml-malformed'],
  ['the namespace of xmlns by default', '<a xmlns="http://www.w3.org/2000/xmlns/"/>', 'xml-malformed'],
  ['the namespace of xml by default', '<a xmlns="http://www.w3.org/XML/1998/namespace"/>', 'xml-malformed'],
  ['a name that ends with its colon', '<a: xmlns:a="u"/>', 'xml-malformed'],
  // Markup.
  ['white space before a name', '< a/>', 'xml-malformed'],
  ['white space between slash and bracket', '<a / >', 'xml-malformed'],
  ['attributes that touch', '<a b="1"c="2"/>', 'xml-malformed'],
  ['an attribute without value', '<a b/>', 'xml-malformed'],
  ['an attribute without quotes', '<a b=1/>', 'xml-malformed'],
  ['a value that does not end', '<a b="1/>', 'xml-malformed'],
  ['a value with a "<"', '<a b="<"/>', 'xml-malformed'],
  ['an end tag with an attribute', '<a></a b="1">', 'xml-malformed'],
  ['an end tag that only begins right', '<a></ab>', 'xml-malformed'],
  ['an end tag that closes nothing', '</a>', 'xml-malformed'],
  ['"]]>" in text', '<a>]]></a>', 'xml-malformed'],
  ['"--" in a comment', '<a><!-- -- --></a>', 'xml-malformed'],
  ['a comment that ends with three', '<a><!-- ---></a>', 'xml-malformed'],
  ['a comment that does not end', '<a/><!-- ', 'xml-malformed'],
  ['CDATA that does not end', '<a><![CDATA[ ]] ></a>', 'xml-malformed'],
  ['CDATA outside the root', '<![CDATA[]]><a/>', 'xml-malformed'],
  ['a document type inside the root', '<a><!DOCTYPE a></a>', 'doctype-forbidden'],
  ['a tag that does not end', '<a', 'xml-malformed'],
  ['a bracket at the end', '<a/><', 'xml-malformed'],
  // The declaration.
  ['white space before the declaration', ' <?xml version="1.0"?><a/>', 'xml-malformed'],
  ['a declaration in capitals', '<?XML version="1.0"?><a/>', 'xml-malformed'],
  ['a declaration without version', '<?xml encoding="utf-8"?><a/>', 'xml-malformed'],
  [
    'a declaration out of order',
    '<?xml version="1.0" standalone="no" encoding="utf-8"?><a/>',
    'xml-malformed',
  ],
  ['a second declaration', '<?xml version="1.0"?><?xml version="1.0"?><a/>', 'xml-malformed'],
  // References.
  ['a bare ampersand', '<a>a & b</a>', 'entity-forbidden'],
  ['a reference without end', '<a>&amp</a>', 'entity-forbidden'],
  ['a reference in capitals', '<a>&AMP;</a>', 'entity-forbidden'],
  ['a hexadecimal reference in capitals', '<a>&#X41;</a>', 'entity-forbidden'],
  ['a reference beyond Unicode', '<a>&#x110000;</a>', 'entity-forbidden'],
  ['a reference to a huge number', `<a>&#${'9'.repeat(400)};</a>`, 'entity-forbidden'],
  ['a reference to U+FFFE', '<a b="&#xFFFE;"/>', 'entity-forbidden'],
  ['a processing instruction after the root', '<a/><?b?>', 'processing-instruction-forbidden'],
];

test.each(refused)('%s is refused', (_, document, code) => {
  expect(readOurs(document)).toEqual({ refused: code });
});

test('line ends and white space in values are normalised, references to them are not', () => {
  expect(readOurs('<a b="\r\n\t&#10;&#13;">\r\n\r&#13;<![CDATA[\r]]></a>')).toEqual([
    '<{}a {}b="  \\n\\r">',
    JSON.stringify('\n\n\r\n'),
    '</>',
  ]);
});

test('namespaces end with the element that declared them', () => {
  const inner = '<b xmlns="urn:2" xmlns:p="urn:3"><p:c/><d xmlns=""/></b>';
  expect(readOurs(`<p:a xmlns="urn:1" xmlns:p="urn:p">${inner}<p:e p:f=""/><g/></p:a>`)).toEqual([
    '<{urn:p}a>',
    '<{urn:2}b>',
    '<{urn:3}c>',
    '</>',
    '<{}d>',
    '</>',
    '</>',
    '<{urn:p}e {urn:p}f="">',
    '</>',
    '<{urn:1}g>',
    '</>',
    '</>',
  ]);
});
