/** Topologies, the simulated firewall and faults: the integration test harness. */
export type { CapturedConnection, CapturedTransfer, PacketLook } from './capture/index.ts';
export { TESTBED_ERRORS, type TestbedCode } from './errors.ts';
export {
  createFirewall,
  type Firewall,
  type FirewallCounters,
  type FirewallOptions,
} from './firewall/index.ts';
export type { CallTaps } from './site/call-taps.ts';
export type { DeviceTaps } from './site/device-taps.ts';
export { Lan, type LanOptions } from './site/lan.ts';
export { Operator, type Release, type ReleaseImage, type UpdatePolicy } from './site/operator.ts';
export { Site, type SiteOptions, startSite } from './site/site.ts';
export type { DeviceChoices, DeviceOfSite, IntermediaryChoices, LinkChoices } from './site/site-config.ts';
export type { SiteDevice, SiteFiles } from './site/site-files.ts';
export type { Tier } from './site/tier.ts';
export {
  createTamperingProxy,
  type TamperingProxy,
  type TamperingProxyOptions,
  type TamperingRules,
} from './tampering/index.ts';
export type { Endpoint } from './tcp/listener.ts';
export type { LanPlan } from './topology/plan.ts';
export { StepLog, type WantedStep } from './topology/step-log.ts';
export { type StartedTier, startTopology, Topology, type TopologyOptions } from './topology/topology.ts';
