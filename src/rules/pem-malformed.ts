import type { PemProblem } from '../x509/pem.ts';
import type { Rule } from './rule.ts';
import { ENCODED_VALUES, type EncodedName } from './shared/base64.ts';
import { encodeFile, JOIN_CHAIN } from './shared/commands.ts';
import { pemOf } from './shared/pem.ts';
import { measured, rfc } from './shared/sources.ts';
import { pathOf } from './shared/words.ts';

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
  fix: 'Correct the line in the PEM file, and encode it anew.',
  appliesTo: ENCODED_VALUES,
  stops: 'error',
  check(target, _options, [name]) {
    const about = name as EncodedName;
    const problem = pemOf(target, about)?.problem;
    if (problem?.kind !== 'malformed') return [];
    const { what, fix, file } = REASONS[problem.reason];
    return [
      {
        about,
        message: `The PEM text in ${pathOf(target, about)} cannot be read: on line ${problem.line} of the decoded file, ${what}. On install, the router would not start.`,
        help: `${fix}\nThen encode it anew:\n  ${encodeFile(target, about, file ?? (about === 'crt' ? 'fullchain.crt' : 'leaf.key'))}`,
      },
    ];
  },
};

const REASONS: Readonly<Record<Reason, { what: string; fix: string; file?: string }>> = {
  'glued-boundaries': {
    what: 'an -----END line and a -----BEGIN line are joined',
    fix: `Put a line break between them. cat joins files that lack one at their end; this does not:\n  ${JOIN_CHAIN} > fullchain.crt`,
    file: 'fullchain.crt',
  },
  'label-mismatch': {
    what: 'the -----END line names something else than its -----BEGIN line',
    fix: 'Take the file from where it came once more; lines of two files were mixed.',
  },
  'end-missing': {
    what: 'a block begins that has no -----END line',
    fix: 'Take the file from where it came once more; its end was cut off.',
  },
  'begin-missing': {
    what: 'a block ends that has no -----BEGIN line',
    fix: 'Take the file from where it came once more; its beginning was cut off.',
  },
  'cr-line-ends': {
    what: 'lines end with a carriage return alone (old Mac)',
    fix: "Give it proper line ends:\n  tr '\\r' '\\n' < FILE > FIXED_FILE",
    file: 'FIXED_FILE',
  },
  indented: {
    what: 'a boundary line does not begin in the first column',
    fix: "Take the indentation away:\n  sed 's/^[[:space:]]*//' FILE > FIXED_FILE",
    file: 'FIXED_FILE',
  },
  'single-line': {
    what: 'the boundaries and the body stand on one line',
    fix: 'Put the -----BEGIN and the -----END line on lines of their own.',
  },
  'literal-escapes': {
    what: 'a backslash and an n stand where a line break belongs',
    fix: `Make line breaks of them:\n  awk '{gsub(/\\\\n/,"\\n")}1' FILE > FIXED_FILE`,
    file: 'FIXED_FILE',
  },
  'bad-body': {
    what: 'the body of a block is no base64',
    fix: 'Take the file from where it came once more; it was damaged on the way.',
  },
  'bad-boundary': {
    what: 'a boundary line is not written -----BEGIN …----- or -----END …-----',
    fix: 'Write the boundary with five hyphens on each side and nothing else on its line.',
  },
};
