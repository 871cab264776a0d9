/**
 * Has a client check the name of its server on the certificate itself. The object that Node makes of it for that, with
 * every field, ends Node 24.21 with a segmentation fault where the curve of the key has no name at NIST.
 *
 * @param {import('node:tls').TLSSocket} socket before it has shaken hands
 */
export function readPeerOnce(socket) {
  socket.getPeerCertificate = () => {
    const x509 = socket.getPeerX509Certificate();
    const names = x509?.subject?.split('\n') ?? [];
    const CN = names.filter((name) => name.startsWith('CN=')).map((name) => name.slice(3));
    const certificate = { subject: { CN }, subjectaltname: x509?.subjectAltName };
    return /** @type {import('node:tls').DetailedPeerCertificate} */ (/** @type {unknown} */ (certificate));
  };
}
