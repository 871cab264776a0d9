import type { Base64Diagnostic } from '../x509/base64.ts';
import { rule } from './rule.ts';
import { encodeOwn } from './shared/commands.ts';
import { base64Diagnostic } from './shared/needs.ts';
import { measured, rfc } from './shared/sources.ts';
import { publicName } from './shared/words.ts';

export const base64Invalid = rule({
  id: 'base64-invalid',
  severity: 'error',
  refusedBy: ['kubernetes'],
  stage: 'base64',
  title: 'not valid base64',
  means:
    'The value has a character outside the standard alphabet, uses the URL-safe alphabet (- and _), or has wrong padding (=).',
  why: 'Helm renders it silently, and Kubernetes refuses the Secret: illegal base64 data.',
  sources: [rfc(4648, '4'), measured('Kubernetes decodes strictly: standard alphabet, padding required')],
  bad: 'certificate:\n  tls:\n    crt: "LS0tLS1CRUdJTi_-"',
  good: 'certificate:\n  tls:\n    crt: "LS0tLS1CRUdJTi/+"',
  fix: 'Encode the file again; part of the value may have been lost in copying.',
  stops: 'error',
  needs: base64Diagnostic('url-alphabet', 'alphabet', 'padding'),
  check: ({ about, diagnostic, ...context }) => ({
    message: `${context.path(about)} is not valid base64: ${reason(diagnostic)}. On install, ${consequence(diagnostic)}`,
    help: 'Encode the file again: part of the value may have been lost in copying.',
    commands: encodeOwn(context, about),
  }),
});

type Diagnostic = Extract<Base64Diagnostic, { kind: 'url-alphabet' | 'alphabet' | 'padding' }>;

function reason(diagnostic: Diagnostic): string {
  const place = `character ${diagnostic.offset + 1} of the value`;
  if (diagnostic.kind === 'url-alphabet')
    return `${place} is - or _, from the URL-safe alphabet; the standard one has + and /`;
  if (diagnostic.kind === 'alphabet')
    return `${place} is ${publicName(JSON.stringify(diagnostic.character))}, which is not a base64 character`;
  switch (diagnostic.reason) {
    case 'missing':
      return 'the = at its end is missing, so it may be truncated';
    case 'excess':
      return 'it ends in more = than it needs';
    case 'inside':
      return `${place} is a = in the middle; two encoded files may have been joined`;
    default:
      return 'no base64 has this length, so it is truncated';
  }
}

/** The chart writes the value without quotes: some characters then mean something to YAML. */
function consequence(diagnostic: Diagnostic): string {
  const isYaml =
    diagnostic.kind === 'alphabet' && (diagnostic.offset === 0 || /[#:{]/.test(diagnostic.character));
  return isYaml
    ? 'the Secret would not hold this value.'
    : 'Kubernetes would refuse the Secret: illegal base64 data.';
}
