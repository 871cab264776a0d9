import type { PemNoise } from '../x509/pem.ts';
import type { Rule } from './rule.ts';
import { ENCODED_VALUES, type EncodedName } from './shared/base64.ts';
import { encodeFile, UNTRUST } from './shared/commands.ts';
import { pemOf } from './shared/pem.ts';
import { measured, rfc } from './shared/sources.ts';
import { pathOf, show } from './shared/words.ts';

export const pemNoise: Rule = {
  id: 'pem-noise',
  severity: 'warning',
  stage: 'pem',
  title: 'something beside the PEM blocks',
  means:
    'There is text outside the blocks ("Bag Attributes"), a byte-order mark, or a label other than CERTIFICATE that still loads.',
  why: 'OpenSSL passes over it, other readers of the Secret (Go, Java, cloud load balancers) do not always.',
  sources: [rfc(7468, '2'), measured('OpenSSL, nginx and Node load such files')],
  bad: 'Bag Attributes\n    friendlyName: lightrun\n-----BEGIN CERTIFICATE-----\n…',
  good: '-----BEGIN CERTIFICATE-----\n…',
  fix: 'Write the file anew with OpenSSL, which keeps the blocks alone.',
  appliesTo: ENCODED_VALUES,
  check(target, _options, [name]) {
    const about = name as EncodedName;
    const facts = pemOf(target, about);
    const [first] = facts?.noise ?? [];
    if (!first || facts?.problem) return [];
    return [
      {
        about,
        message: `${pathOf(target, about)} ${describe(first)}. OpenSSL does not mind; a load balancer or another reader of the Secret may.`,
        help: `Write the PEM file without it, and encode that anew:\n  ${mendOf(first)}\n  ${encodeFile(target, about, 'CLEAN_FILE')}`,
      },
    ];
  },
};

function describe(noise: PemNoise): string {
  if (noise.kind === 'byte-order-mark')
    return 'begins with a byte-order mark, an invisible sign that Windows puts before text';
  if (noise.kind === 'label') {
    return `says -----BEGIN ${show(noise.label)}----- on line ${noise.line} of the decoded file, where -----BEGIN CERTIFICATE----- is usual`;
  }
  return `holds text beside its PEM blocks (line ${noise.line} of the decoded file)`;
}

function mendOf(noise: PemNoise): string {
  if (noise.kind === 'byte-order-mark') return 'tail -c +4 FILE > CLEAN_FILE';
  if (noise.kind === 'label' && noise.label === 'TRUSTED CERTIFICATE') return `${UNTRUST} FILE > CLEAN_FILE`;
  if (noise.kind === 'label')
    return "sed -E 's/^-----(BEGIN|END) X509 CERT/-----\\1 CERT/' FILE > CLEAN_FILE";
  return "sed -n '/-----BEGIN/,/-----END/p' FILE > CLEAN_FILE";
}
