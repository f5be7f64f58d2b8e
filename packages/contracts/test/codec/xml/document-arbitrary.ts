import fc from 'fast-check';

const space = fc.constantFrom('', '', ' ', '\n', '\r\n', '\t ', '\r');
const gap = fc.constantFrom(' ', ' ', '\n', '\r\n  ', '\t');
const name = fc.constantFrom('a', 'Body', 'e:Envelope', 'p:x', 'xml:y', 'ä-1', 'p:名.前', '_·b', '𐐀');
const reference = fc.constantFrom(
  '&amp;',
  '&lt;',
  '&gt;',
  '&quot;',
  '&apos;',
  '&#65;',
  '&#x1F600;',
  '&#13;',
  '&#9;',
);
const words = fc.constantFrom(
  'text',
  'é',
  '😀',
  ' ',
  '\r\n',
  '\r',
  '\t',
  ']]',
  '>',
  '"',
  "'",
  '\u0085',
  '\ufeff',
);
const comment = fc.constantFrom('<!---->', '<!-- <a> & ]]> -->', '<!--\r-->');
const cdata = fc.constantFrom('<![CDATA[]]>', '<![CDATA[<&]]]>', '<![CDATA[a\r\nb]]]]>');

const value = fc
  .tuple(fc.constantFrom('"', "'"), fc.array(fc.oneof(words, reference), { maxLength: 3 }))
  .map(([quote, pieces]) => quote + pieces.join('').replaceAll(quote, '') + quote);
const attribute = fc
  .tuple(
    gap,
    fc.oneof(
      {
        weight: 2,
        arbitrary: fc
          .tuple(name, space, space, value)
          .map((parts) => [...parts.slice(0, 2), '=', ...parts.slice(2)].join('')),
      },
      {
        weight: 1,
        arbitrary: fc.constantFrom('xmlns="urn:d"', "xmlns=''", 'xmlns:p="urn:p"', "xmlns:e = 'urn:e'"),
      },
    ),
  )
  .map((parts) => parts.join(''));

const { element } = fc.letrec<{ element: string; content: string }>((tie) => ({
  element: fc
    .tuple(name, fc.array(attribute, { maxLength: 3 }), space, fc.option(tie('content')))
    .map(([tag, attributes, tail, content]) =>
      content === null
        ? `<${tag}${attributes.join('')}${tail}/>`
        : `<${tag}${attributes.join('')}${tail}>${content}</${tag}${tail}>`,
    ),
  content: fc
    .array(fc.oneof({ depthSize: 'small' }, words, reference, comment, cdata, tie('element')), {
      maxLength: 4,
    })
    .map((pieces) => pieces.join('')),
}));

const declaration = fc.constantFrom(
  '',
  '<?xml version="1.0"?>',
  "<?xml version='1.0' encoding = 'utf-8' standalone=\"no\" ?>\r\n",
  '<?xml version="1.0" encoding="US-ASCII"?>',
  '<?xml version="1.1"?>',
);

const root = '<r xmlns:p="urn:p" xmlns:e="urn:e">';

/** Documents that are mostly well-formed: attributes may be repeated, declarations may be wrong. */
export const documentArbitrary: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom('', '', '\ufeff'), declaration, element, fc.oneof(space, comment))
  .map(([mark, head, body, tail]) => `${mark}${head}${root}${body}</r>${tail}`);

const SNIPPETS = [
  '<',
  '>',
  '&',
  '"',
  "'",
  '=',
  '/',
  '!',
  '?',
  '-',
  '--',
  '[',
  ']',
  ']]>',
  '<!--',
  '-->',
  '<![CDATA[',
  ';',
  ':',
  ' ',
  '<!DOCTYPE a>',
  '<?x y?>',
  '<?xml version="1.0"?>',
  '&#0;',
  '&#x110000;',
  '&#xD800;',
  '&#;',
  '&x;',
  '&amp;',
  '\r',
  '\0',
  '\u000b',
  '\ufffe',
  '\ufeff',
  '😀',
  'a',
  '1',
  '.',
  'p:',
  'p: ',
  'q:',
  ' a="1"',
  ' p:a="1"',
  ' xmlns:q="urn:p"',
  ' xmlns:p=""',
  ' xmlns:xml="urn:x"',
  ' xmlns:xmlns="urn:x"',
  '<a>',
  '</a>',
  '<a/>',
  '</r>',
  'text',
];

const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  drop: fc.constantFrom(0, 0, 1, 2, 8),
  insert: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...SNIPPETS) },
    { weight: 1, arbitrary: fc.constant('') },
  ),
});

/** The same with one to three places damaged. */
export const damagedArbitrary: fc.Arbitrary<string> = fc
  .tuple(documentArbitrary, fc.array(edit, { minLength: 1, maxLength: 3 }))
  .map(([document, edits]) =>
    edits.reduce((text, { at, drop, insert }) => {
      const place = Math.floor(at * text.length);
      return text.slice(0, place) + insert + text.slice(place + drop);
    }, document),
  );
