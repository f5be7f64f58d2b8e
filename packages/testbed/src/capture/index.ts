/** What somebody who listens on the bulk path sees. */
export { type CapturedTransfer, type PacketLook, Recorder, type TransferRecord } from './packet-look.ts';
