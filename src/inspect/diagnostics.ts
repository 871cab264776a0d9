import { ordinal } from '../text/amount.ts';
import { display } from '../text/display.ts';
import { type Base64Diagnostic, MAX_SECRET_SIZE } from '../x509/base64.ts';
import { FORMAT_NAMES } from '../x509/foreign-format.ts';
import type { EncodedMaterial, Material } from '../x509/material.ts';
import type { PemFacts } from '../x509/pem.ts';
import { isCertificateBlock, isPrivateKeyBlock } from '../x509/pem-block.ts';

/** What keeps a certificate or key from being read, or is unusual about it. Not a finding: `lint` checks. */
export interface Diagnostic {
  /** One sentence without a full stop; safe to show. */
  message: string;
  /** Whether something could therefore not be read at all. */
  isUnread: boolean;
}

const LONGEST_LABEL = 40;
const MOST_LABELS = 4;

/**
 * What could not be read of a certificate and its key, and why.
 * @param names what the two are called; safe to show
 */
export function diagnosticsOf(material: Material, names: { crt: string; key: string }): Diagnostic[] {
  if (material.size > MAX_SECRET_SIZE) {
    const both = names.crt === names.key ? `${names.crt} holds` : `${names.crt} and ${names.key} hold`;
    return [unread(`${both} more than 1 MiB, too much for a Secret, so nothing was read`)];
  }
  return [
    ...encodedDiagnostics(material.crt, names.crt, 'certificate'),
    ...material.unreadable.map(({ index, line, reason }) =>
      unread(
        `the ${ordinal(index + 1)} certificate in ${names.crt} (its line ${line}) cannot be read: ${reason}`,
      ),
    ),
    ...encodedDiagnostics(material.key, names.key, 'private key'),
    ...keyDiagnostics(material, names.key),
  ];
}

type Wanted = 'certificate' | 'private key';

function encodedDiagnostics(encoded: EncodedMaterial | null, name: string, wanted: Wanted): Diagnostic[] {
  if (encoded === null) return [];
  const { base64, pem } = encoded;
  const message = base64.diagnostic && `${name} ${base64Words(base64.diagnostic)}`;
  return [
    ...(message === null ? [] : [{ message, isUnread: base64.bytes === null }]),
    ...(pem === null ? [] : pemDiagnostics(pem, name, wanted)),
  ];
}

function base64Words(diagnostic: Base64Diagnostic): string {
  switch (diagnostic.kind) {
    case 'not-encoded':
      return 'is PEM text that was not encoded as base64';
    case 'wrapped':
      return 'is base64 with white space in it';
    case 'twice':
      return `was encoded ${diagnostic.times} times`;
    default:
      return 'is not valid base64';
  }
}

function pemDiagnostics({ blocks, diagnostic }: PemFacts, name: string, wanted: Wanted): Diagnostic[] {
  if (diagnostic?.kind === 'missing')
    return [unread(`${name} is ${FORMAT_NAMES[diagnostic.format]}, not PEM`)];
  if (diagnostic !== null)
    return [unread(`OpenSSL cannot read the PEM in ${name} from line ${diagnostic.line} on`)];
  const isWanted = wanted === 'certificate' ? isCertificateBlock : isPrivateKeyBlock;
  return blocks.some(isWanted) ? [] : [unread(`${name} holds no ${wanted}, but: ${labelsOf(blocks)}`)];
}

/** The labels of PEM blocks, each once; safe to show. */
export function labelsOf(blocks: readonly { label: string }[]): string {
  const labels = [...new Set(blocks.map(({ label }) => display(label, LONGEST_LABEL)))];
  const more = labels.length > MOST_LABELS ? [`and ${labels.length - MOST_LABELS} more kinds`] : [];
  return [...labels.slice(0, MOST_LABELS), ...more].join(', ');
}

function keyDiagnostics({ privateKey }: Material, name: string): Diagnostic[] {
  switch (privateKey?.state) {
    case 'locked':
      return [unread(`the private key in ${name} is encrypted, and its passphrase is not known here`)];
    case 'unreadable':
      return [unread(`the private key in ${name} is damaged, or of a kind that OpenSSL does not load`)];
    default:
      return [];
  }
}

/** Something that could not be read. */
export function unread(message: string): Diagnostic {
  return { message, isUnread: true };
}
