/** What the real consumers of the two values do with them. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { readPeerOnce } from './peer-certificate.mjs';

const STANDARD_BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** OpenSSL's security level: 1 is what OpenSSL 3.0 starts with, 2 what Debian sets for nginx and all others. */
export type SecurityLevel = 1 | 2;
const ciphersOf = (level: SecurityLevel): string => `${tls.DEFAULT_CIPHERS}:@SECLEVEL=${level}`;

/** How long a handshake may take on a busy machine. */
const PATIENCE = 10_000;

/**
 * Decodes as Kubernetes does (Go's encoding/base64 StdEncoding, which skips line breaks and nothing else).
 * @throws where it refuses
 */
export function decodeAsKubernetes(text: string): Buffer {
  const joined = text.replace(/[\r\n]/g, '');
  if (!STANDARD_BASE64.test(joined)) throw new Error('illegal base64 data');
  return Buffer.from(joined, 'base64');
}

/** Why OpenSSL refuses to load a pair as a server does; null where it loads. */
export function loadRefusal(crt: Buffer, key: Buffer, level: SecurityLevel = 1): string | null {
  try {
    tls.createSecureContext({ cert: crt, key, ca: [], ciphers: ciphersOf(level) });
    return null;
  } catch (error) {
    return String((error as Error).message);
  }
}

/**
 * Real handshakes on the loopback interface with clients that trust one root only.
 * @param root PEM
 * @param host what the certificate has to be for; null where that is not looked at
 * @param versions tried one after the other
 * @returns for each version why it failed, null where it came about
 */
export async function handshakeRefusals(
  crt: Buffer,
  key: Buffer,
  root: string,
  host: string | null,
  versions: readonly tls.SecureVersion[],
): Promise<(string | null)[]> {
  const server = tls.createServer({ cert: crt, key, ca: [], ciphers: ciphersOf(1) });
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    const refusals: (string | null)[] = [];
    for (const version of versions) refusals.push(await clientRefusal(port, root, host, version));
    return refusals;
  } finally {
    server.close();
  }
}

async function clientRefusal(
  port: number,
  root: string,
  host: string | null,
  version: tls.SecureVersion,
): Promise<string | null> {
  const client = tls.connect({
    port,
    host: '127.0.0.1',
    ca: root,
    ciphers: ciphersOf(1),
    minVersion: version,
    maxVersion: version,
    checkServerIdentity: (_, certificate) =>
      host === null ? undefined : tls.checkServerIdentity(host, certificate),
  });
  readPeerOnce(client);
  client.setTimeout(PATIENCE, () => client.destroy(new Error('no answer in time')));
  try {
    await once(client, 'secureConnect');
    return null;
  } catch (error) {
    return String((error as Error).message);
  } finally {
    client.destroy();
  }
}
