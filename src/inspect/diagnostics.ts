import { display } from '../text/display.ts';
import { ordinal } from '../text/ordinal.ts';
import type { Base64Problem } from '../x509/base64.ts';
import { isCertificateBlock, isPrivateKeyBlock } from '../x509/blocks.ts';
import { MAX_SECRET_SIZE } from '../x509/limits.ts';
import type { EncodedMaterial, Material } from '../x509/material.ts';
import type { ForeignFormat, PemFacts } from '../x509/pem.ts';
import type { Diagnostic } from './found.ts';

const LONGEST_LABEL = 40;
const MOST_LABELS = 4;

/**
 * What was in the way of reading a certificate and its key.
 * @param names what the two are called; safe to show
 */
export function diagnosticsOf(material: Material, names: { crt: string; key: string }): Diagnostic[] {
  if (material.size > MAX_SECRET_SIZE) {
    const both = names.crt === names.key ? `${names.crt} holds` : `${names.crt} and ${names.key} hold`;
    return [unread(`${both} more than 1 MiB, which is too much for a Secret, so nothing was read`)];
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

function encodedDiagnostics(encoded: EncodedMaterial | null, name: string, wanted: Wanted): Diagnostic[] {
  if (encoded === null) return [];
  const { base64, pem } = encoded;
  return [
    ...(base64.problem === null
      ? []
      : [{ message: `${name} ${base64Words(base64.problem)}`, isUnread: base64.bytes === null }]),
    ...(pem === null ? [] : pemDiagnostics(pem, name, wanted)),
  ];
}

function base64Words(problem: Base64Problem): string {
  switch (problem.kind) {
    case 'not-encoded':
      return 'is PEM text that was not encoded as base64';
    case 'wrapped':
      return 'is base64 with white space in it';
    case 'url-alphabet':
      return 'is base64 of the URL-safe alphabet';
    case 'alphabet':
      return 'is no base64: it holds a character that base64 does not have';
    case 'padding':
      return problem.reason === 'missing' || problem.reason === 'excess'
        ? 'is base64 with wrong padding'
        : 'is no base64 that can be decoded: a piece is missing, or two were joined';
    case 'twice':
      return `was encoded ${problem.times} times`;
  }
}

type Wanted = 'certificate' | 'private key';

function pemDiagnostics({ blocks, problem }: PemFacts, name: string, wanted: Wanted): Diagnostic[] {
  if (problem?.kind === 'missing') return [unread(`${name} is ${FORMATS[problem.format]}, and no PEM`)];
  const damaged =
    problem === null
      ? []
      : [unread(`the PEM in ${name} is damaged at its line ${problem.line}, and OpenSSL does not read it`)];
  const isWanted = wanted === 'certificate' ? isCertificateBlock : isPrivateKeyBlock;
  if (blocks.some(isWanted) || damaged.length > 0) return damaged;
  return [unread(`${name} holds no ${wanted}, but: ${labelsOf(blocks)}`)];
}

/** The labels of PEM blocks, each once; safe to show. */
export function labelsOf(blocks: readonly { label: string }[]): string {
  const labels = [...new Set(blocks.map(({ label }) => display(label, LONGEST_LABEL)))];
  const more = labels.length > MOST_LABELS ? [`and ${labels.length - MOST_LABELS} more kinds`] : [];
  return [...labels.slice(0, MOST_LABELS), ...more].join(', ');
}

/** What a file or value without PEM is, for people. */
export const FORMATS: Readonly<Record<ForeignFormat, string>> = {
  empty: 'empty',
  'der-certificate': 'a certificate in DER',
  'der-private-key': 'a private key in DER',
  der: 'DER of some kind',
  pkcs12: 'a PKCS#12 file (.p12, .pfx)',
  pkcs7: 'a PKCS#7 file (.p7b)',
  jks: 'a Java keystore (JKS)',
  'openssh-public-key': 'an OpenSSH public key',
  utf16: 'UTF-16 text (Windows)',
  unknown: 'something of an unknown kind',
};

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
