/** The supported subset of XML Schema as data. Generated from wsdl/*.xsd into `generated/schema.ts`. */
export interface Schema {
  readonly simpleTypes: Readonly<Record<string, SimpleType>>;
  readonly complexTypes: Readonly<Record<string, ComplexType>>;
  /** Global elements: the messages, and what a choice offers. */
  readonly elements: Readonly<Record<string, GlobalElement>>;
}

/** A built-in type with the facets of its whole chain of restrictions. */
export interface SimpleType {
  readonly primitive: 'string' | 'integer' | 'boolean' | 'dateTime' | 'base64Binary';
  /** All of them must match. */
  readonly patterns?: readonly RegExp[];
  readonly enumeration?: readonly string[];
  /** In characters (code points), or bytes of base64Binary. */
  readonly minLength?: number;
  readonly maxLength?: number;
  /** Inclusive. */
  readonly minimum?: number;
  readonly maximum?: number;
  /** Values of this type never appear in messages. */
  readonly secret?: boolean;
}

export interface ComplexType {
  /** A sequence. */
  readonly members: readonly (ElementMember | ChoiceMember)[];
}

export interface ElementMember {
  readonly kind: 'element';
  readonly namespace: string;
  /** Local name of the element, and of the property that holds it. */
  readonly name: string;
  /** Key of a simple or complex type. */
  readonly type: string;
  readonly min: number;
  /** More than one makes the property an array. */
  readonly max: number;
}

/** Exactly one of several elements, held by the property {@link CHOICE_PROPERTY} as `{ kind, value }`. */
export interface ChoiceMember {
  readonly kind: 'choice';
  readonly options: readonly ElementMember[];
}

export interface GlobalElement {
  readonly namespace: string;
  readonly name: string;
  readonly type: string;
}

/** The property that holds a choice. */
export const CHOICE_PROPERTY = 'body';
