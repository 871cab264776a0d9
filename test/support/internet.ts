import { writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect, type Server } from 'node:net';
import { join } from 'node:path';
import { issue, pkcs8 } from './pki.ts';

/** What a server answers. */
export interface Page {
  type: string;
  body: string | Uint8Array;
}

/** Servers on the loopback interface that stand for others. */
export interface Internet {
  /** By which curl, Helm, git and npm come here and nowhere else. */
  env: NodeJS.ProcessEnv;
  close(): void;
}

/**
 * Starts what answers in place of web servers: a proxy, and a TLS server to which it leads whatever the host.
 * @param folder where the certificate is written that is to be trusted
 * @param pages by URL; those of npm's registry are `npm:/NAME`
 */
export async function startInternet(folder: string, pages: ReadonlyMap<string, Page>): Promise<Internet> {
  const answer =
    (originOf: (host: string) => string): RequestListener =>
    ({ headers, url, method }, response) => {
      const page = pages.get(`${originOf(headers.host ?? '')}${url}`);
      response.writeHead(page ? 200 : 404, {
        'content-type': page?.type ?? 'text/plain',
        'content-length': page ? Buffer.byteLength(page.body) : 0,
      });
      response.end(method === 'HEAD' ? undefined : page?.body);
    };
  const hosts = [...new Set(Array.from(pages.keys(), (url) => new URL(url).hostname))].filter(Boolean);
  const certificate = issue({ subject: 'CN=Internet', san: hosts });
  const trusted = join(folder, 'internet.crt');
  writeFileSync(trusted, certificate.pem);
  const tls = { cert: certificate.pem, key: pkcs8(certificate.privateKey) };
  const web = createHttpsServer(
    tls,
    answer((host) => `https://${host}`),
  );
  const proxy = createHttpServer(answer(() => 'npm:'));
  const webPort = await listen(web);
  proxy.on('connect', (_request, socket) => {
    const there = connect(webPort, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      there.pipe(socket).pipe(there);
    });
    there.on('error', () => socket.destroy());
    socket.on('error', () => there.destroy());
  });
  const address = `http://127.0.0.1:${await listen(proxy)}`;
  return {
    env: {
      HTTPS_PROXY: address,
      https_proxy: address,
      NO_PROXY: '127.0.0.1,localhost',
      no_proxy: '127.0.0.1,localhost',
      CURL_CA_BUNDLE: trusted,
      SSL_CERT_FILE: trusted,
      NODE_EXTRA_CA_CERTS: trusted,
      npm_config_registry: `${address}/`,
    },
    close() {
      web.closeAllConnections();
      proxy.closeAllConnections();
      web.close();
      proxy.close();
    },
  };
}

async function listen(server: Server): Promise<number> {
  server.unref();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
