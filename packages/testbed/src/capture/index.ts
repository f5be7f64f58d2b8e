/** What somebody who listens on the wire sees. */
export { type CapturedTransfer, type PacketLook, Recorder, type TransferRecord } from './packet-look.ts';
export { type CapturedConnection, type ConnectionRecord, StreamRecorder } from './stream-recorder.ts';
