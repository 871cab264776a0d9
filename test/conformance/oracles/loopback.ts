import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import type { Answer } from './worker.ts';

/** The two files of a pair, as a Secret holds them. */
export interface ServerFiles {
  crt: Buffer;
  key: Buffer;
}

interface Running {
  users: number;
  server: Promise<tls.Server>;
}

/** Ports of servers that have a pair: one takes TLS 1.2 and 1.3, the other TLS 1.2 alone, as nginx before 1.23.4. */
const VERSIONS = { '': {}, 'TLS 1.2: ': { maxVersion: 'TLSv1.2' } } as const;

/**
 * TLS servers on the loopback interface, at security level 0, so that it is the client that refuses. All who ask about
 * the same pair at the same time share them.
 */
export class Loopback {
  readonly #running = new Map<ServerFiles, Map<string, Running>>();

  /**
   * Lets a client try a server with a pair, with each choice of versions until it refuses one.
   * @param files also what tells one pair from another: the same object, the same servers
   */
  async tried(files: ServerFiles, handshake: (port: number) => Promise<Answer>): Promise<Answer> {
    for (const [prefix, options] of Object.entries(VERSIONS)) {
      const answer = await this.#with(files, prefix, options, handshake);
      if (answer.accepts !== true) return { ...answer, because: `${prefix}${answer.because}` };
    }
    return { accepts: true, because: '' };
  }

  async #with(
    files: ServerFiles,
    name: string,
    options: tls.TlsOptions,
    handshake: (port: number) => Promise<Answer>,
  ): Promise<Answer> {
    const own = this.#running.get(files) ?? new Map<string, Running>();
    this.#running.set(files, own);
    const running = own.get(name) ?? { users: 0, server: listen(files, options) };
    own.set(name, running);
    running.users += 1;
    try {
      const server = await running.server;
      return await handshake((server.address() as AddressInfo).port);
    } catch (error) {
      return { accepts: null, because: `no server can use it: ${(error as Error).message}` };
    } finally {
      running.users -= 1;
      if (running.users === 0) {
        own.delete(name);
        if (own.size === 0) this.#running.delete(files);
        running.server.then(
          (server) => server.close(),
          () => {},
        );
      }
    }
  }
}

async function listen({ crt, key }: ServerFiles, options: tls.TlsOptions): Promise<tls.Server> {
  const server = tls.createServer({
    cert: crt,
    key,
    ca: [],
    ciphers: `${tls.DEFAULT_CIPHERS}:@SECLEVEL=0`,
    ...options,
  });
  server.on('tlsClientError', () => {});
  server.on('secureConnection', (socket) => {
    socket.on('error', () => {});
    socket.end('HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
