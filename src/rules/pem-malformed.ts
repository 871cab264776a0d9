import { FORMAT_NAMES } from '../x509/format-names.ts';
import type { PemDiagnostic } from '../x509/pem.ts';
import { isCertificateBlock } from '../x509/pem-label.ts';
import { type Context, type RuleFinding, rule } from './rule.ts';
import { byMistake, subject, valuesOf } from './shared/alike.ts';
import { encodeFiles, encodeOwn, encodePkcs7, OWN_FILES } from './shared/commands.ts';
import { type Wrapped, wrappedIn } from './shared/contents.ts';
import { type PemValue, pemTexts } from './shared/needs.ts';
import { refusedAt } from './shared/refusals.ts';
import { measured, rfc } from './shared/sources.ts';

export const pemMalformed = rule({
  id: 'pem-malformed',
  severity: 'error',
  refusedBy: ['openssl', 'nginx'],
  stage: 'pem',
  title: 'a PEM block that OpenSSL cannot read',
  means:
    'A block is damaged: two boundaries on one line, BEGIN and END that differ, a missing END, CR alone as line end, indented lines, blank lines inside, a byte-order mark between blocks, a body that is not base64, or something other than a certificate under the label CERTIFICATE. The line within the decoded file is named.',
  why: 'nginx, OpenSSL and Node refuse the whole file.',
  sources: [
    rfc(7468, '3'),
    measured('OpenSSL refuses glued boundaries, CR alone, indented and one-line PEM'),
  ],
  bad: '-----END CERTIFICATE----------BEGIN CERTIFICATE-----',
  good: '-----END CERTIFICATE-----\n-----BEGIN CERTIFICATE-----',
  fix: 'Correct the line in the PEM file, and encode it again.',
  stops: 'error',
  needs: pemTexts,
  check({ texts, ...context }) {
    const malformed = texts.flatMap(({ about, pem: { diagnostic }, bytes }) =>
      diagnostic?.kind === 'malformed' ? { about, diagnostic, ...adviceOn(diagnostic, bytes) } : [],
    );
    return [
      ...byMistake(malformed, ({ what }) => what).map((alike): RuleFinding => {
        const lines = [...new Set(alike.map(({ diagnostic }) => diagnostic.line))];
        const place = `line${lines.length > 1 ? 's' : ''} ${lines.join(' and ')} of the decoded ${alike.length > 1 ? 'files' : 'file'}`;
        return {
          ...valuesOf(alike),
          message: `${subject(context, alike, 'holds', 'hold')} PEM that cannot be read: ${alike[0].what} (${place}). On install, the router would not start.`,
          help: alike[0].help,
          commands: encodeOwn(context, ...alike.map(({ about }) => about)),
        };
      }),
      ...mislabelled(texts, context),
    ];
  },
});

type Malformed = Extract<PemDiagnostic, { kind: 'malformed' }>;

function adviceOn({ reason }: Malformed, bytes: Buffer): { what: string; help: string } {
  if (reason === 'literal-escapes' && bytes.toString('latin1', 0, 64).trimStart().startsWith('{')) {
    return {
      what: 'it is JSON (such as the answer of Vault), in which a backslash and an n replace each line break',
      help: 'Take the PEM out of the JSON, and encode that.',
    };
  }
  return REASONS[reason];
}

const DAMAGED = 'Get a fresh copy of the file; this one is damaged.';

const REASONS: Readonly<Record<Malformed['reason'], { what: string; help: string }>> = {
  'glued-boundaries': {
    what: 'an -----END line and a -----BEGIN line are joined',
    help: 'Put a line break between them: files that do not end in one cannot be joined with cat.',
  },
  'label-mismatch': {
    what: 'an -----END line does not have the label of its -----BEGIN line',
    help: 'Get a fresh copy of the file; lines of two files were mixed.',
  },
  'end-missing': {
    what: 'a block begins that has no -----END line',
    help: 'Get a fresh copy of the file; it is truncated.',
  },
  'begin-missing': {
    what: 'a block ends that has no -----BEGIN line',
    help: 'Get a fresh copy of the file; its beginning is missing.',
  },
  'cr-line-ends': {
    what: 'lines end with a carriage return alone (old Mac)',
    help: 'Save the file with line feeds as line ends.',
  },
  indented: {
    what: 'a boundary line does not begin in the first column',
    help: 'Remove the indentation.',
  },
  'single-line': {
    what: 'the boundaries and the body are on one line',
    help: 'Put the -----BEGIN and the -----END line on lines of their own.',
  },
  'literal-escapes': {
    what: 'a backslash and an n replace a line break',
    help: 'Turn them into line breaks.',
  },
  'blank-line': {
    what: 'a blank line is inside a block',
    help: 'Delete the blank lines between -----BEGIN and -----END.',
  },
  'blank-line-missing': {
    what: 'the blank line after the header of an encrypted key (Proc-Type, DEK-Info) is missing',
    help: 'Put a blank line after the DEK-Info line.',
  },
  'byte-order-mark': {
    what: 'an invisible byte-order mark (of a Windows editor) is before a -----BEGIN line',
    help: 'Save each file without a byte-order mark, and join them again.',
  },
  dashes: {
    what: 'a word processor replaced hyphens of a boundary line by dashes',
    help: 'Get a fresh copy of the file, or write the boundary with five hyphens on each side.',
  },
  'bad-body': {
    what: 'the body of a block is not base64',
    help: DAMAGED,
  },
  'bad-boundary': {
    what: 'a boundary line is not written -----BEGIN …----- or -----END …-----',
    help: 'Write the boundary with five hyphens on each side and nothing else on its line.',
  },
};

/** A block labelled CERTIFICATE that holds another format, as certutil -encode makes of any file. */
function mislabelled(texts: readonly PemValue[], context: Context): RuleFinding[] {
  const { material } = context.target;
  const found = texts.flatMap(({ about, pem: { blocks, diagnostic } }) => {
    if (diagnostic !== null) return [];
    const at = blocks.filter(isCertificateBlock).findIndex((block) => wrappedIn(block) !== null);
    const block = blocks.filter(isCertificateBlock)[at];
    const inside = block && wrappedIn(block);
    return block && inside ? [{ about, at, line: block.line, inside }] : [];
  });
  return byMistake(found, ({ inside }) => inside).map((alike): RuleFinding => {
    const [{ about, at, line, inside }] = alike;
    const { what, help, p12 } = WRAPPED[inside];
    const names = alike.map((each) => each.about);
    return {
      ...valuesOf(alike),
      ...(about === 'crt' && material !== null && { refusedBy: refusedAt(material, at) }),
      message: `${subject(context, alike, 'holds', 'hold')} ${what} under the label CERTIFICATE (line ${line} of the decoded ${alike.length > 1 ? 'files' : 'file'}). On install, the router would not start.`,
      help,
      commands: p12
        ? encodeFiles(context, { p12: OWN_FILES.p12 })
        : inside === 'pkcs7' && about === 'crt'
          ? encodePkcs7(context)
          : encodeOwn(context, ...names),
    };
  });
}

const WRAPPED: Readonly<Record<Wrapped, { what: string; help: string; p12?: true }>> = {
  pem: {
    what: 'a PEM file that was encoded once more (as certutil -encode does)',
    help: 'Use the file as it was before certutil encoded it.',
  },
  'private key': {
    what: 'a DER private key (as certutil -encode writes it)',
    help: 'Use the file as it was before certutil encoded it: encode takes DER files too.',
  },
  pkcs7: {
    what: FORMAT_NAMES.pkcs7,
    help: 'Give encode the original file, which takes the certificates out of it.',
  },
  pkcs12: {
    what: FORMAT_NAMES.pkcs12,
    help: 'Give encode the original file with --p12: it takes the certificates and the private key out of it.',
    p12: true,
  },
};
