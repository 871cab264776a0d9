// A client on Node, which has OpenSSL in it, at OpenSSL's own security level (1).
//
// Reads lines `id TAB port TAB host TAB base64 of the roots' PEM`, shakes hands with 127.0.0.1:port as if that were
// the host (an empty host is not checked), and writes `id TAB accepts|refuses TAB reason`.
import { createInterface } from 'node:readline';
import tls from 'node:tls';
import { readPeerOnce } from '../../support/peer-certificate.mjs';

console.log(`version\t${process.versions.node} with OpenSSL ${process.versions.openssl}`);
for await (const line of createInterface({ input: process.stdin })) {
  const [id, port, host, roots] = line.split('\t');
  answer(id ?? '', Number(port), host ?? '', Buffer.from(roots ?? '', 'base64'));
}

/** @type {(id: string, port: number, host: string, ca: Buffer) => void} */
function answer(id, port, host, ca) {
  let told = false;
  /** @type {(verdict: string, reason?: string) => void} */
  const tell = (verdict, reason = '') => {
    if (!told) console.log(`${id}\t${verdict}\t${reason.replaceAll(/\s+/g, ' ')}`);
    told = true;
  };
  try {
    const socket = tls.connect({
      port,
      host: '127.0.0.1',
      ca,
      ciphers: `${tls.DEFAULT_CIPHERS}:@SECLEVEL=1`,
      checkServerIdentity: (_, certificate) =>
        host === '' ? undefined : tls.checkServerIdentity(host, certificate),
    });
    readPeerOnce(socket);
    socket.setTimeout(20_000, () => socket.destroy(new Error('no answer in time')));
    socket.once('secureConnect', () => {
      tell('accepts');
      socket.destroy();
    });
    socket.once('error', (error) => tell('refuses', error.message));
    socket.once('close', () => tell('refuses', 'closed'));
  } catch (error) {
    tell('refuses', /** @type {Error} */ (error).message);
  }
}
