/** docs/conformance.md, from the results of a whole run. */
import { agreement, LAXER, STRICTER } from './allowed.ts';
import { type Case, CLIENT_FAMILIES, FAMILIES, RULE_PAIRS } from './case.ts';
import { CONSUMERS, type Consumer, type LintResult } from './checked.ts';
import { OTHER_ANSWERS, rowAgreements } from './rows.ts';

/** What was read of the certificates of one place. */
export interface RealTally {
  source: string;
  /** Null where it differs from one Node to the next. */
  certificates: number | null;
  differences: number;
}

/** The versions that the results depend on, such as `Helm 3.17.3`. */
export type Tools = readonly string[];

const COUNTED = [...FAMILIES, ...CLIENT_FAMILIES].filter((family) => family !== RULE_PAIRS);
const ROWS = ['helm', 'kubernetes', 'openssl', 'nginx', 'go', 'java', 'browser'] as const;
const KINDS = ['both accept', 'both refuse', 'stricter', 'laxer'] as const;

/** How many different pairs of values the results are of. */
export function distinctPairs(results: readonly LintResult[]): number {
  return new Set(results.map(({ made }) => JSON.stringify([made.crt, made.key]))).size;
}

/** The whole page. The same results give the same page. */
export function conformancePage(
  all: readonly LintResult[],
  real: readonly RealTally[],
  tools: Tools,
): string {
  const results = all.filter(({ family }) => family !== RULE_PAIRS);
  // In hundreds: whether a change makes one depends on how long a signature has become.
  const distinct = 100 * Math.floor(distinctPairs(results) / 100);
  const agreements = results.map((each) => ({ ...each, ...agreement(each) }));
  const rows = results.flatMap((each) => rowAgreements(each));
  const countOf = (id: string): Cell =>
    agreements.filter(({ allowed }) => allowed.includes(id)).length || RULE_PAIRS;
  const rowsWith = (id: string): number => rows.filter(({ allowed }) => allowed.includes(id)).length;
  return [
    head(results.length, distinct, tools),
    section('Agreement', 'A case of each family is listed under what came of it.', [
      ['family', 'cases', ...KINDS],
      ...COUNTED.map((family) => {
        const own = agreements.filter((each) => each.family === family);
        return [
          family,
          ...[own.length, ...KINDS.map((kind) => own.filter((each) => each.kind === kind).length)],
        ];
      }),
      [
        'all',
        agreements.length,
        ...KINDS.map((kind) => agreements.filter((each) => each.kind === kind).length),
      ],
    ]),
    section(
      'Consumers',
      'Each is asked only where those before it left something to ask about. The last column counts the cases in which it is the first to refuse.',
      [
        ['consumer', 'asked', 'refused', 'first'],
        ...CONSUMERS.filter((consumer) => results.some(({ asked }) => asked.has(consumer))).map(
          (consumer) => [
            consumer,
            results.filter(({ asked }) => asked.has(consumer)).length,
            results.filter((each) => each.refusals.has(consumer)).length,
            results.filter((each) => firstToRefuse(each) === consumer).length,
          ],
        ),
      ],
    ),
    section(
      'The table of consumers',
      'What `inspect` and the JSON report say of each consumer, against those of it that were asked; a row counts in each case in which one was. `stricter`: the table says refused, and nobody who was asked refuses.',
      [
        ['row', 'cases', ...KINDS],
        ...ROWS.map((row) => {
          const own = rows.filter((each) => each.row === row);
          return [row, own.length, ...KINDS.map((kind) => own.filter((each) => each.kind === kind).length)];
        }),
      ],
    ),
    section('Other answers of the table', 'Beside the lines below, these explain a row.', [
      ['line', 'rows', 'times', 'reason'],
      ...OTHER_ANSWERS.map(({ id, rows: of, reason }) => [`\`${id}\``, of.join(', '), rowsWith(id), reason]),
    ]),
    section('Stricter', 'What all consumers accept, and the program does not.', [
      ['line', 'rule', 'cases', 'reason'],
      ...STRICTER.map(({ id, rule, reason }) => [`\`${id}\``, `\`${rule}\``, countOf(id), reason]),
    ]),
    section('Laxer', 'What a consumer refuses, and the program does not call an error.', [
      ['line', 'cases', 'reason'],
      ...LAXER.map(({ id, reason }) => [`\`${id}\``, countOf(id), reason]),
    ]),
    section(
      'Real certificates',
      'Each is read by the program exactly where OpenSSL parses it, with the same subject, issuer, serial number, dates, fingerprint and names.',
      [
        ['source', 'certificates', 'read differently'],
        ...real.map(({ source, certificates, differences }) => [
          source,
          certificates ?? 'as many as that Node has',
          differences,
        ]),
      ],
    ),
  ].join('\n');
}

function head(cases: number, distinct: number, tools: Tools): string {
  return `# Conformance

Made by \`npm run conformance\`, which takes half an hour; \`npm test\` runs a part of it, with Node alone.

A corpus of ${cases} cases (more than ${distinct} different pairs of certificate and key) is made in each run, with fresh keys. Each is
linted, and the same values are given to all that consume them: both Helms render a chart that writes them as Lightrun's
does, what they render is decoded as Kubernetes decodes it, OpenSSL loads the files, as it is and at the security level of
Debian's nginx, nginx tests a configuration with them, Go loads them as an Ingress controller does, and TLS clients that trust
the pair's root alone shake hands with a server that uses them. **Where one refuses, there has to be an error; where all accept,
there has to be none; and the table of consumers in the reports says the same of each.** Each exception is a line below, and the
run fails for a case that no line explains, and for a line that explains none. The pairs of the rules' own tests
(\`test/rules/cases/\`) are checked in the same way, but not counted here.

Validity is that of the real clock. Asked were: ${tools.join(', ')}.
`;
}

const firstToRefuse = ({ refusals }: LintResult): Consumer | undefined =>
  CONSUMERS.find((consumer) => refusals.has(consumer));

type Cell = string | number;

function section(title: string, text: string, [titles, ...rows]: Cell[][]): string {
  return [
    `## ${title}`,
    '',
    text,
    '',
    row(titles ?? []),
    row((titles ?? []).map(() => '---')),
    ...rows.map(row),
    '',
  ].join('\n');
}

const row = (cells: readonly Cell[]): string => `| ${cells.join(' | ')} |`;

/** The rows of the page that do not depend on a run: the cases of each family, and the lines that may explain one. */
export function fixedCells(cases: readonly Case[]): string[] {
  return [
    ...COUNTED.map((family) => `| ${family} | ${cases.filter((each) => each.family === family).length} |`),
    ...[...STRICTER, ...LAXER, ...OTHER_ANSWERS].map(({ id }) => `| \`${id}\` |`),
    ...[...STRICTER, ...LAXER, ...OTHER_ANSWERS].map(({ reason }) => `| ${reason} |`),
  ];
}
