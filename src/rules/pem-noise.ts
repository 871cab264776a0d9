import type { PemNoise } from '../material/pem.ts';
import { ENCODED_VALUES, type EncodedName } from './base64.ts';
import { pemOf } from './pem.ts';
import type { Rule } from './rule.ts';
import { measured, rfc } from './sources.ts';
import { pathOf, show } from './words.ts';

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
  mend: 'Write the file anew with OpenSSL, which keeps the blocks alone.',
  judges: ENCODED_VALUES,
  check(target, _options, [name]) {
    const about = name as EncodedName;
    const facts = pemOf(target, about);
    const [first] = facts?.noise ?? [];
    if (!first || facts?.problem) return [];
    return [
      {
        about,
        message: `${pathOf(target, about)} holds ${describe(first)} beside its PEM blocks. OpenSSL passes over it; a load balancer or another reader of the Secret may not.`,
        help: "Keep only the lines from -----BEGIN to -----END of each block:\n  sed -n '/-----BEGIN/,/-----END/p' FILE > CLEAN_FILE",
      },
    ];
  },
};

function describe(noise: PemNoise): string {
  if (noise.kind === 'byte-order-mark') return 'a byte-order mark';
  if (noise.kind === 'label')
    return `the label ${show(noise.label)} (line ${noise.line} of the decoded file) instead of CERTIFICATE`;
  return `text (line ${noise.line} of the decoded file)`;
}
