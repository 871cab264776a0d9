import type { PemProblem } from '../material/pem.ts';
import { ENCODED_VALUES, type EncodedName } from './base64.ts';
import { encodeFile, fixedFile, JOIN_CHAIN, JOINED, ownFile } from './commands.ts';
import { pemOf } from './pem.ts';
import type { Rule } from './rule.ts';
import { measured, rfc } from './sources.ts';
import { pathOf } from './words.ts';

type Reason = Extract<PemProblem, { kind: 'malformed' }>['reason'];

export const pemMalformed: Rule = {
  id: 'pem-malformed',
  severity: 'error',
  stage: 'pem',
  title: 'a PEM block that OpenSSL cannot read',
  means:
    'A block is damaged: two boundaries on one line, BEGIN and END that differ, an END that is missing, CR alone as line end, indented lines, a body that is no base64. The line within the decoded file is named.',
  why: 'nginx, OpenSSL and Node refuse the whole file.',
  sources: [
    rfc(7468, '3'),
    measured('OpenSSL refuses glued boundaries, CR alone, indented and one-line PEM'),
  ],
  bad: '-----END CERTIFICATE----------BEGIN CERTIFICATE-----',
  good: '-----END CERTIFICATE-----\n-----BEGIN CERTIFICATE-----',
  mend: 'Correct the line in the PEM file, and encode it anew.',
  judges: ENCODED_VALUES,
  stops: 'error',
  check(target, _options, [name]) {
    const about = name as EncodedName;
    const problem = pemOf(target, about)?.problem;
    if (problem?.kind !== 'malformed') return [];
    const { what, mend, file = ownFile(about) } = reasonOf(problem.reason, about);
    return [
      {
        about,
        message: `The PEM text in ${pathOf(target, about)} cannot be read: on line ${problem.line} of the decoded file, ${what}. On install, the router would not start.`,
        help: `${mend}\nThen encode it anew:\n  ${encodeFile(target, about, file)}`,
      },
    ];
  },
};

/** What is wrong, how to mend it, and the file in which it is mended, where the commands write one. */
function reasonOf(reason: Reason, about: EncodedName): { what: string; mend: string; file?: string } {
  const { what, mend, filter } = REASONS[reason];
  const fixed = fixedFile(about);
  if (filter !== undefined) {
    return { what, mend: `${mend}:\n  ${filter} < ${ownFile(about)} > ${fixed}`, file: fixed };
  }
  if (reason !== 'glued-boundaries') return { what, mend };
  return { what, mend: `${mend}:\n  ${JOIN_CHAIN} > ${JOINED}`, file: JOINED };
}

const REASONS: Readonly<Record<Reason, { what: string; mend: string; filter?: string }>> = {
  'glued-boundaries': {
    what: 'an -----END line and a -----BEGIN line are joined',
    mend: 'Put a line break between them. cat joins files that lack one at their end; this does not',
  },
  'label-mismatch': {
    what: 'the -----END line names something else than its -----BEGIN line',
    mend: 'Take the file from where it came once more; lines of two files were mixed.',
  },
  'end-missing': {
    what: 'a block begins that has no -----END line',
    mend: 'Take the file from where it came once more; its end was cut off.',
  },
  'begin-missing': {
    what: 'a block ends that has no -----BEGIN line',
    mend: 'Take the file from where it came once more; its beginning was cut off.',
  },
  'cr-line-ends': {
    what: 'lines end with a carriage return alone (old Mac)',
    mend: 'Give it proper line ends',
    filter: "tr '\\r' '\\n'",
  },
  indented: {
    what: 'a boundary line does not begin in the first column',
    mend: 'Take the indentation away',
    filter: "sed 's/^[[:space:]]*//'",
  },
  'single-line': {
    what: 'the boundaries and the body stand on one line',
    mend: 'Put the -----BEGIN and the -----END line on lines of their own.',
  },
  'literal-escapes': {
    what: 'a backslash and an n stand where a line break belongs',
    mend: 'Make line breaks of them',
    filter: `awk '{gsub(/\\\\n/,"\\n")}1'`,
  },
  'bad-body': {
    what: 'the body of a block is no base64',
    mend: 'Take the file from where it came once more; it was damaged on the way.',
  },
  'bad-boundary': {
    what: 'a boundary line is not written -----BEGIN …----- or -----END …-----',
    mend: 'Write the boundary with five hyphens on each side and nothing else on its line.',
  },
};
