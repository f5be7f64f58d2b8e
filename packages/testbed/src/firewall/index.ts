/** The simulated firewall between a site and the internet (T5). */
export { createFirewall, type Firewall, type FirewallCounters, type FirewallOptions } from './firewall.ts';
export type { LineShape } from './link.ts';
