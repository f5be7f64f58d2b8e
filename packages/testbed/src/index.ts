/** Topologies, the simulated firewall and faults: the integration test harness. */
export type { CapturedConnection, CapturedTransfer, PacketLook } from './capture/index.ts';
export type { ControlledDevice } from './devices/controlled-device.ts';
export { TESTBED_ERRORS, type TestbedCode } from './errors.ts';
export type { BulkTrouble, DeviceTrouble, Faults, LineFaults, TierTrouble } from './faults/faults.ts';
export type { LineShape } from './firewall/index.ts';
export {
  createFirewall,
  type Firewall,
  type FirewallCounters,
  type FirewallOptions,
} from './firewall/index.ts';
export type { Ground, NodePlace } from './ground/ground.ts';
export { type PatentDevice, type PatentDeviceOptions, startPatentDevice } from './patent-device/index.ts';
export type { CallTaps } from './site/call-taps.ts';
export type { DeviceTaps } from './site/device-taps.ts';
export { Lan, type LanOptions } from './site/lan.ts';
export { Operator, type Release, type ReleaseImage, type UpdatePolicy } from './site/operator.ts';
export { Site, type SiteOptions, startSite } from './site/site.ts';
export type { DeviceChoices, DeviceOfSite, IntermediaryChoices, LinkChoices } from './site/site-config.ts';
export type { SiteDevice, SiteFiles } from './site/site-files.ts';
export type { Tier } from './site/tier.ts';
export { type LoggedStep, StepLog, type StepLogOptions, type WantedStep } from './steps/step-log.ts';
export {
  createTamperingProxy,
  type TamperingProxy,
  type TamperingProxyOptions,
  type TamperingRules,
} from './tampering/index.ts';
export type { Endpoint } from './tcp/listener.ts';
export type {
  ForeignDevice,
  ForeignIdentity,
  ForeignIntermediary,
  ForeignListeners,
  ForeignServer,
  ForeignUplink,
} from './topology/foreign.ts';
export type { LanPlan } from './topology/plan.ts';
export type { RealTopologyOptions, StartedTier } from './topology/real-options.ts';
export { RealTopology } from './topology/real-topology.ts';
export {
  type RunKind,
  startTopology,
  type Topology,
  type TopologyOptions,
  type TopologyTime,
  withTopology,
} from './topology/topology.ts';
export type { VirtualTopology, VirtualTopologyOptions } from './virtual/virtual-topology.ts';
