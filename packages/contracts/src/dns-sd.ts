/**
 * What devices announce by DNS-SD (RFC 6763), one instance a device, named like the device. It says where to ask and
 * proves nothing: who answers there has to show the certificate of a device.
 *
 * @spec I3
 */
export const DEVICE_SERVICE = '_postern-device._tcp.local';

/** Keys of the TXT record (RFC 6763 §6), for people who look around with other tools; Postern believes none of them. */
export const DEVICE_TXT = {
  /** The only version there is. */
  version: 'txtvers',
  model: 'model',
  profile: 'profile',
  /** The intermediary that the device belongs to. */
  intermediary: 'intermediary',
} as const;

/** Bytes of a label (RFC 1035 §2.3.4): a longer name of a device is cut. */
export const LONGEST_LABEL = 63;
