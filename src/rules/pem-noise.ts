import { hidesFirstBlock } from '../clients/go.ts';
import { escapeUnsafe } from '../text/display.ts';
import type { PemNoise } from '../x509/pem.ts';
import { rule } from './rule.ts';
import { byMistake, subject, valuesOf } from './shared/alike.ts';
import { encodeOwn } from './shared/commands.ts';
import { pemTexts } from './shared/needs.ts';
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
  needs: pemTexts,
  followsUse: true,
  check({ texts, ...context }) {
    const noisy = texts.flatMap(({ about, pem: { blocks, noise, diagnostic } }) => {
      const hiding = noise.find((each) => hidesFirstBlock(each, blocks));
      const first = hiding ?? noise[0];
      return first && !diagnostic ? { about, noise: first, isHiding: hiding !== undefined } : [];
    });
    return byMistake(noisy, ({ noise, isHiding }) => `${noise.kind} ${isHiding}`).map((alike) => {
      const [{ noise, isHiding }] = alike;
      const consequence = isHiding
        ? 'OpenSSL accepts that; an Ingress controller does not see the block, and serves its own certificate.'
        : 'OpenSSL accepts that; a load balancer or another reader of the Secret may not.';
      return {
        ...valuesOf(alike),
        refusedBy: isHiding ? (['go'] as const) : [],
        message: `${subject(context, alike, VERBS[noise.kind][0], VERBS[noise.kind][1])} ${describe(noise)}. ${consequence}`,
        help: HELP[noise.kind],
        commands: encodeOwn(context, ...alike.map(({ about }) => about)),
      };
    });
  },
});

const VERBS = {
  'byte-order-mark': ['begins', 'begin'],
  label: ['has', 'have'],
  text: ['holds', 'hold'],
} as const satisfies Record<PemNoise['kind'], readonly [string, string]>;

const HELP: Readonly<Record<PemNoise['kind'], string>> = {
  'byte-order-mark': 'Save the file without a byte-order mark.',
  label: 'Write the certificate with the label CERTIFICATE, without trust settings.',
  text: 'Keep only the PEM blocks.',
};

function describe(noise: PemNoise): string {
  if (noise.kind === 'byte-order-mark')
    return 'with a byte-order mark, an invisible character that Windows puts before text';
  if (noise.kind === 'text') return `text outside PEM blocks (line ${noise.line} of the decoded file)`;
  return `-----BEGIN ${escapeUnsafe(noise.label)}----- (line ${noise.line} of the decoded file), where -----BEGIN CERTIFICATE----- is usual`;
}
