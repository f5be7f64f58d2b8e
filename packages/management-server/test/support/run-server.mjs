// Runs the built server on the configuration given (JSON), prints its ports, and waits to be killed.
import { silentLogger, systemClock, systemEntropy } from '@postern/core';
import { startManagementServer } from '@postern/management-server';

const server = await startManagementServer(JSON.parse(process.argv[2]), {
  clock: systemClock,
  entropy: systemEntropy,
  logger: silentLogger,
});
console.log(JSON.stringify({ uplinkPort: server.uplinkPort, restPort: server.restPort }));
process.stdin.resume();
