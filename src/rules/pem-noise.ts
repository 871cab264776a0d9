import { hidesFirstBlock } from '../clients/go.ts';
import type { PemNoise } from '../x509/pem.ts';
import { type Context, rule } from './rule.ts';
import { encodeFile, fixedFile, ownFile, UNTRUST } from './shared/commands.ts';
import { pemText } from './shared/needs.ts';
import { measured, rfc } from './shared/sources.ts';

export const pemNoise = rule({
  id: 'pem-noise',
  severity: 'error',
  refusedBy: ['go'],
  stage: 'pem',
  title: 'something besides the PEM blocks',
  means:
    'An error where an Ingress is on and its controller (Go) does not see the first block; else a warning. There is text outside the blocks ("Bag Attributes"), a byte-order mark, or a label other than CERTIFICATE that OpenSSL still loads.',
  why: 'OpenSSL skips it; other readers of the Secret (Go, Java, cloud load balancers) do not always.',
  sources: [rfc(7468, '2'), measured('OpenSSL, nginx and Node load such files')],
  bad: 'Bag Attributes\n    friendlyName: lightrun\n-----BEGIN CERTIFICATE-----\n…',
  good: '-----BEGIN CERTIFICATE-----\n…',
  fix: 'Write the file again with OpenSSL, which keeps only the blocks.',
  needs: pemText,
  followsUse: true,
  check({ target, about, pem: { blocks, noise, diagnostic }, path, show }) {
    const hiding = noise.find((each) => hidesFirstBlock(each, blocks));
    const first = hiding ?? noise[0];
    if (!first || diagnostic) return null;
    const fixed = fixedFile(about);
    const consequence = hiding
      ? 'OpenSSL accepts that; an Ingress controller does not see the block, and serves its own certificate.'
      : 'OpenSSL accepts that; a load balancer or another reader of the Secret may not.';
    return {
      refusedBy: hiding ? ['go'] : [],
      message: `${path(about)} ${describe(first, show)}. ${consequence}`,
      help: `Write the PEM file without it, and encode that:\n  ${filterFor(first)} ${ownFile(about)} > ${fixed}\n  ${encodeFile(target, about, fixed)}`,
    };
  },
});

function describe(noise: PemNoise, show: Context['show']): string {
  if (noise.kind === 'byte-order-mark')
    return 'begins with a byte-order mark, an invisible character that Windows puts before text';
  if (noise.kind === 'label') {
    return `has -----BEGIN ${show(noise.label, 'PEM label')}----- on line ${noise.line} of the decoded file, where -----BEGIN CERTIFICATE----- is usual`;
  }
  return `holds text outside its PEM blocks (line ${noise.line} of the decoded file)`;
}

/** The command that writes the rest of the file named after it. */
function filterFor(noise: PemNoise): string {
  if (noise.kind === 'byte-order-mark') return 'tail -c +4';
  if (noise.kind === 'label' && noise.label === 'TRUSTED CERTIFICATE') return UNTRUST;
  if (noise.kind === 'label') return "sed -E 's/^-----(BEGIN|END) X509 CERT/-----\\1 CERT/'";
  return "sed -n '/-----BEGIN/,/-----END/p'";
}
