/** Generates everything from contract files: generated text by file name. */
export declare const generate: (files: ReadonlyMap<string, string>) => Map<string, string>;
/** The contract files of this checkout, by name. */
export declare const contractFiles: () => Map<string, string>;
