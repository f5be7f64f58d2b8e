/**
 * The intermediary for whoever brings his own adapters: a simulation on a virtual clock and an in-memory network. Not
 * for other tiers.
 */
export { belowService } from '../adapters/cascade/below-service.ts';
export { type DatabaseStores, openDatabaseStores } from '../adapters/database/stores.ts';
export { type DeviceClient, type PlainOperation, passThrough } from '../adapters/device/device-client.ts';
export { inspectDevice } from '../adapters/device/inspect-device.ts';
export { type SecurePathOptions, soapSecurePath } from '../adapters/device/secure-path.ts';
export { showResult } from '../adapters/device/show-result.ts';
export { noticeService, secureService } from '../adapters/device-services.ts';
export { uplinkExchanges } from '../adapters/uplink.ts';
export { type IntermediaryConfig, type IntermediaryConfigInput, parseConfig } from '../config.ts';
export type { DeviceEndpoint, DeviceStore } from '../domain/devices.ts';
export type * from '../domain/images/ports.ts';
export type { Notices } from '../domain/notices.ts';
export { type DeviceLink, deviceLink } from '../domain/schemes/device-links.ts';
export { deviceRooms } from '../domain/updates/device-rooms.ts';
export type { StoredUpdate } from '../domain/updates/ports.ts';
export * from './compose-intermediary.ts';
