/** The contracts of wsdl/ as TypeScript types, codecs and descriptors, and the registry of specification rows. */
export type * as device from './generated/device.ts';
export type * as intermediary from './generated/intermediary.ts';
export type * as types from './generated/types.ts';
export type * as uplink from './generated/uplink.ts';
