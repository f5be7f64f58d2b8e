/** An attacker on the bulk path: reads everything, changes what its rules say. */
export type { TamperingRules } from './rules.ts';
export { createTamperingProxy, type TamperingProxy, type TamperingProxyOptions } from './tampering-proxy.ts';
