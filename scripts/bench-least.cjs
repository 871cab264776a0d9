// node scripts/bench-least.cjs FILE: the least that any program takes that checks a chain and its key: Node's modules for
// it, the certificates parsed, their signatures verified, the pair loaded. FILE holds three certificates, then the key.
'use strict';

const { X509Certificate } = require('node:crypto');
const { createSecureContext } = require('node:tls');

const blocks = require('node:fs')
  .readFileSync(process.argv[2] || '', 'latin1')
  .split(/(?<=-----END [A-Z ]+-----\n)/);
const key = blocks.pop();
const certificates = blocks.map((block) => new X509Certificate(block));
certificates.reduce((issued, issuer) => {
  if (!issued.verify(issuer.publicKey)) throw new Error('a certificate is not issued by the next one');
  return issuer;
});
createSecureContext({ cert: blocks.join(''), key });
process.exit(0);
