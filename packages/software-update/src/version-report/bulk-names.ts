/**
 * The names under which a target shows things on the bulk path. Flat, so that no path can escape.
 * The nonce travels in the name: it is no secret, it only makes the answer fresh.
 */
const REPORT = 'version-report';
const IMAGE = 'image';

/** `version-report`, or `version-report.NONCE` for an authenticated one. */
export const versionReportName = (nonce?: string): string =>
  nonce === undefined ? REPORT : `${REPORT}.${nonce}`;

/** `image.COMPONENT` */
export const imageName = (component: string): string => `${IMAGE}.${component}`;

export type BulkName =
  | { readonly kind: 'version-report'; readonly nonce?: string }
  | { readonly kind: 'image'; readonly component: string };

/** What a name on the bulk path stands for; `undefined` for anything else. */
export const parseBulkName = (name: string): BulkName | undefined => {
  if (name === REPORT) return { kind: 'version-report' };
  const nonce = /^version-report\.([0-9a-f]{32,64})$/.exec(name)?.[1];
  if (nonce !== undefined) return { kind: 'version-report', nonce };
  const component = /^image\.([a-z0-9][a-z0-9.-]{0,31})$/.exec(name)?.[1];
  return component === undefined ? undefined : { kind: 'image', component };
};
