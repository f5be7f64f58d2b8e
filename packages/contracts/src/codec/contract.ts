import { type CompiledElement, createCompiler } from './compile.ts';
import { ElementReader } from './element-reader.ts';
import { compileWriter } from './element-writer.ts';
import type { Schema } from './schema.ts';
import { defaultXmlLimits, tokenise, type XmlLimits, type XmlSink } from './tokenise.ts';

/** Reads and writes one element of a contract. */
export interface ElementCodec<T> {
  readonly namespace: string;
  readonly name: string;
  /** Takes the events of the element; `value` is there after its end. */
  reader(): XmlSink & { readonly value: T };
  /**
   * @returns the element as XML, in no need of namespaces declared around it
   * @throws PosternError `value-invalid`, `element-missing`
   */
  write(value: T): string;
}

/** One operation: document/literal wrapped, one element each way. */
export interface Operation<Request, Response> {
  readonly name: string;
  /** The SOAPAction header of SOAP 1.1 and the `action` parameter of SOAP 1.2. */
  readonly soapAction: string;
  readonly request: ElementCodec<Request>;
  readonly response: ElementCodec<Response>;
}

/** What an interface that lists operations must look like; `O extends OperationMap<O>`. */
export type OperationMap<O> = {
  readonly [K in keyof O]: { readonly request: unknown; readonly response: unknown };
};

/** A contract of wsdl/: its operations with their types and codecs. */
export interface Contract<O extends OperationMap<O>> {
  readonly name: string;
  readonly namespace: string;
  /** Name of the WSDL file. */
  readonly file: string;
  readonly operations: { readonly [K in keyof O]: Operation<O[K]['request'], O[K]['response']> };
}

interface ContractSource<O> {
  readonly name: string;
  readonly namespace: string;
  readonly file: string;
  readonly operations: {
    readonly [K in keyof O]: {
      readonly soapAction: string;
      readonly request: string;
      readonly response: string;
    };
  };
}

/** Makes a contract's codecs from its schema. For generated code, which vouches for the types. */
export const defineContract = <O extends OperationMap<O>>(
  schema: Schema,
  source: ContractSource<O>,
): Contract<O> => {
  const compile = createCompiler(schema);
  const names = Object.keys(source.operations) as (keyof O & string)[];
  const operations = names.map((name) => {
    const { soapAction, request, response } = source.operations[name];
    return [
      name,
      { name, soapAction, request: codecOf(compile(request)), response: codecOf(compile(response)) },
    ];
  });
  return { ...source, operations: Object.fromEntries(operations) as Contract<O>['operations'] };
};

/**
 * The codec of one element.
 *
 * @param key e.g. `types.Failure`; generated code vouches that it is a `T`
 */
export const elementCodec = <T>(schema: Schema, key: string): ElementCodec<T> =>
  codecOf(createCompiler(schema)(key));

const codecOf = <T>(element: CompiledElement): ElementCodec<T> => ({
  namespace: element.namespace,
  name: element.name,
  reader: () => new ElementReader(element) as ElementReader & { readonly value: T },
  write: compileWriter(element),
});

/**
 * Reads a document whose root is the codec's element.
 *
 * @throws PosternError of `CodecCode`
 */
export const decodeDocument = <T>(
  codec: ElementCodec<T>,
  document: Uint8Array | string,
  limits: XmlLimits = defaultXmlLimits,
): T => {
  const reader = codec.reader();
  tokenise(document, reader, limits);
  return reader.value;
};
