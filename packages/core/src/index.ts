/** Time, randomness, errors, cancellation, logging, signed envelopes. May import nothing else of the project. */

export { packageVersion } from './adapters/package-version.ts';
export { createPinoLogger } from './adapters/pino-logger.ts';
export { type Closable, runUntilSignalled } from './adapters/run-until-signalled.ts';
export { systemClock } from './adapters/system-clock.ts';
export { systemEntropy } from './adapters/system-entropy.ts';
export {
  type CancellationCode,
  sleep,
  stoppedWithin,
  throwIfCancelled,
  withDeadline,
} from './cancellation.ts';
export type { Clock, Timer } from './clock.ts';
export { type Closers, createClosers } from './closers.ts';
export { type DsseEnvelope, type DsseKind, type DsseSignature, readDsse, writeDsse } from './dsse.ts';
export {
  after,
  between,
  Days,
  type Duration,
  Hours,
  Instant,
  Milliseconds,
  Minutes,
  Seconds,
  toSeconds,
} from './duration.ts';
export { type Entropy, randomFraction, randomId } from './entropy.ts';
export { errorCode, errorMessage, PosternError } from './errors.ts';
export { type Flood, FloodWatch } from './flood-watch.ts';
export { type IdentityCode, type NodeIdentity, type NodeRole, parseIdentity, toUri } from './identity.ts';
export { LogRing, type RememberedLine, rememberingLogger } from './log-ring.ts';
export { type LogFields, type Logger, type LogLevel, silentLogger } from './logger.ts';
export { type RateLimit, rateLimiter } from './rate-limit.ts';
export { type StrictJson, strictJson } from './strict-json.ts';
