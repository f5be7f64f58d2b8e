/** Topologies, the simulated firewall and faults: the integration test harness. */
export type { CapturedTransfer, PacketLook } from './capture/index.ts';
export { TESTBED_ERRORS, type TestbedCode } from './errors.ts';
export {
  createFirewall,
  type Firewall,
  type FirewallCounters,
  type FirewallOptions,
} from './firewall/index.ts';
export {
  createTamperingProxy,
  type TamperingProxy,
  type TamperingProxyOptions,
  type TamperingRules,
} from './tampering/index.ts';
export type { Endpoint } from './tcp/listener.ts';
