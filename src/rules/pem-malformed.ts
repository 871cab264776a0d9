import type { PemDiagnostic } from '../x509/pem.ts';
import { rule } from './rule.ts';
import { encodeFile, fixedFile, JOIN_CHAIN, JOINED, ownFile } from './shared/commands.ts';
import { type EncodedName, pemText } from './shared/needs.ts';
import { measured, rfc } from './shared/sources.ts';

export const pemMalformed = rule({
  id: 'pem-malformed',
  severity: 'error',
  refusedBy: ['openssl', 'nginx'],
  stage: 'pem',
  title: 'a PEM block that OpenSSL cannot read',
  means:
    'A block is damaged: two boundaries on one line, BEGIN and END that differ, a missing END, CR alone as line end, indented lines, a body that is not base64. The line within the decoded file is named.',
  why: 'nginx, OpenSSL and Node refuse the whole file.',
  sources: [
    rfc(7468, '3'),
    measured('OpenSSL refuses glued boundaries, CR alone, indented and one-line PEM'),
  ],
  bad: '-----END CERTIFICATE----------BEGIN CERTIFICATE-----',
  good: '-----END CERTIFICATE-----\n-----BEGIN CERTIFICATE-----',
  fix: 'Correct the line in the PEM file, and encode it again.',
  stops: 'error',
  needs: pemText,
  check({ target, about, pem: { diagnostic }, path }) {
    if (diagnostic?.kind !== 'malformed') return null;
    const { what, fix, file = ownFile(about) } = adviceOn(diagnostic.reason, about);
    return {
      message: `The PEM text in ${path(about)} cannot be read: on line ${diagnostic.line} of the decoded file, ${what}. On install, the router would not start.`,
      help: `${fix}\nThen encode it again:\n  ${encodeFile(target, about, file)}`,
    };
  },
});

type Reason = Extract<PemDiagnostic, { kind: 'malformed' }>['reason'];

/** What is wrong, how to fix it, and the file that the commands write, where they do. */
function adviceOn(reason: Reason, about: EncodedName): { what: string; fix: string; file?: string } {
  const { what, fix, filter } = REASONS[reason];
  const fixed = fixedFile(about);
  if (filter !== undefined) {
    return { what, fix: `${fix}:\n  ${filter} < ${ownFile(about)} > ${fixed}`, file: fixed };
  }
  if (reason !== 'glued-boundaries') return { what, fix };
  return { what, fix: `${fix}:\n  ${JOIN_CHAIN} > ${JOINED}`, file: JOINED };
}

const REASONS: Readonly<Record<Reason, { what: string; fix: string; filter?: string }>> = {
  'glued-boundaries': {
    what: 'an -----END line and a -----BEGIN line are joined',
    fix: 'Put a line break between them. If a file has none at its end, cat adds none; this does',
  },
  'label-mismatch': {
    what: 'the -----END line does not have the label of its -----BEGIN line',
    fix: 'Get a fresh copy of the file; lines of two files were mixed.',
  },
  'end-missing': {
    what: 'a block begins that has no -----END line',
    fix: 'Get a fresh copy of the file; it is truncated.',
  },
  'begin-missing': {
    what: 'a block ends that has no -----BEGIN line',
    fix: 'Get a fresh copy of the file; its beginning is missing.',
  },
  'cr-line-ends': {
    what: 'lines end with a carriage return alone (old Mac)',
    fix: 'Give it proper line ends',
    filter: "tr '\\r' '\\n'",
  },
  indented: {
    what: 'a boundary line does not begin in the first column',
    fix: 'Remove the indentation',
    filter: "sed 's/^[[:space:]]*//'",
  },
  'single-line': {
    what: 'the boundaries and the body are on one line',
    fix: 'Put the -----BEGIN and the -----END line on lines of their own.',
  },
  'literal-escapes': {
    what: 'a backslash and an n replace a line break',
    fix: 'Turn them into line breaks',
    filter: `awk '{gsub(/\\\\n/,"\\n")}1'`,
  },
  'bad-body': {
    what: 'the body of a block is not base64',
    fix: 'Get a fresh copy of the file; this one is damaged.',
  },
  'bad-boundary': {
    what: 'a boundary line is not written -----BEGIN …----- or -----END …-----',
    fix: 'Write the boundary with five hyphens on each side and nothing else on its line.',
  },
};
