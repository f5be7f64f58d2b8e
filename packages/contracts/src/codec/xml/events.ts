/** An attribute that is no namespace declaration. */
export interface XmlAttribute {
  /** Empty without a prefix. */
  readonly namespace: string;
  readonly name: string;
  readonly value: string;
}

/** Takes a document's events in order. Throwing ends the reading. */
export interface XmlSink {
  open(namespace: string, name: string, attributes: readonly XmlAttribute[]): void;
  /** Character data; adjacent pieces may come apart. */
  text(text: string): void;
  close(): void;
}

/** How much a document may hold. The length of the whole is limited by whoever received it. */
export interface XmlLimits {
  readonly depth: number;
  readonly elements: number;
  /** For each element. */
  readonly attributes: number;
  /** For each element, in UTF-16 units. */
  readonly text: number;
}
