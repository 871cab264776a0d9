/** What the real consumers of the two values do with them. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';

const STANDARD_BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * Decodes as Kubernetes does (Go's encoding/base64 StdEncoding, on a text without line breaks).
 * @throws where it refuses
 */
export function decodeAsKubernetes(text: string): Buffer {
  if (!STANDARD_BASE64.test(text)) throw new Error('illegal base64 data');
  return Buffer.from(text, 'base64');
}

/** Why OpenSSL refuses to load a pair as a server does; null where it loads. */
export function loadRefusal(crt: Buffer, key: Buffer): string | null {
  try {
    tls.createSecureContext({ cert: crt, key, ca: [] });
    return null;
  } catch (error) {
    return String((error as Error).message);
  }
}

/**
 * A real handshake on the loopback interface with a client that trusts one root only and does not look at names.
 * @returns why it failed, null where it came about
 */
export async function handshakeRefusal(
  crt: Buffer,
  key: Buffer,
  root: string,
  version: tls.SecureVersion,
): Promise<string | null> {
  const server = tls.createServer({ cert: crt, key, ca: [], minVersion: version, maxVersion: version });
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = tls.connect({
    port,
    host: '127.0.0.1',
    ca: root,
    minVersion: version,
    maxVersion: version,
    checkServerIdentity: () => undefined,
  });
  client.setTimeout(5000, () => client.destroy(new Error('no answer in five seconds')));
  try {
    await once(client, 'secureConnect');
    return null;
  } catch (error) {
    return String((error as Error).message);
  } finally {
    client.destroy();
    server.close();
  }
}
