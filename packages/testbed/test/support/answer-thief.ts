import { connect } from 'node:net';
import { afterwards } from './afterwards.ts';
import { TestServer } from './test-server.ts';

/** Somebody between two nodes through whom every request gets, and answers only as long as none are to be lost. */
export interface AnswerThief {
  readonly port: number;
  /** Where requests go. */
  leadTo(port: number): void;
  /** From now on so many answers are lost: the connection breaks in their place. */
  steal(answers: number): void;
  readonly stolen: number;
}

export const startAnswerThief = async (): Promise<AnswerThief> => {
  let target = 0;
  let wanted = 0;
  let stolen = 0;
  const server = await TestServer.start((socket) => {
    const onward = connect({ host: '127.0.0.1', port: target, allowHalfOpen: true });
    onward.on('error', () => socket.destroy());
    onward.on('data', (answer: Buffer) => {
      if (socket.destroyed) return;
      if (wanted === 0) {
        socket.write(answer);
        return;
      }
      wanted -= 1;
      stolen += 1;
      socket.destroy();
    });
    onward.on('end', () => socket.end());
    socket.pipe(onward);
  });
  afterwards(() => server.close());
  return {
    port: server.endpoint.port,
    leadTo: (port) => {
      target = port;
    },
    steal: (answers) => {
      wanted = answers;
    },
    get stolen() {
      return stolen;
    },
  };
};
