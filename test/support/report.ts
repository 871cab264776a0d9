/** What tests of reports share: summaries, and readers that fail where a report is malformed. */
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import * as assert from 'uvu/assert';
import { LintError } from '../../src/errors.ts';
import type { Summary } from '../../src/lint/summary.ts';
import { diagnosticOf, type ReportContext } from '../../src/report/context.ts';
import { formatJunit } from '../../src/report/junit.ts';
import { formatSarif } from '../../src/report/sarif.ts';
import { CHAIN, KEY, MISORDERED as MISORDERED_PEM } from './inline.ts';
import { lintSummary } from './lint.ts';
import { publishedSchema } from './published-schemas.ts';
import { base64 } from './values-yaml.ts';

export { CHAIN, KEY };

const FOLDER = '/home/me/repo';
export const MISORDERED = base64(MISORDERED_PEM);
/** A values file with this certificate and the key of the leaf. */
export const inline = (crt: string): string => `certificate:\n  tls:\n    crt: ${crt}\n    key: ${KEY}\n`;

/** The context of a run in `FOLDER`. */
export function contextOf(changes: Partial<ReportContext> = {}): ReportContext {
  return {
    at: new Date(),
    strict: false,
    severities: new Map(),
    root: [],
    diagnostics: [],
    noun: 'file',
    folder: FOLDER,
    ...changes,
  };
}

/** One finding, `chain-order`, in line 3. */
export const broken = () => lintSummary(inline(MISORDERED));
/** The same, from a flag. */
export const nowhere = () => lintSummary(inline(MISORDERED)).then(withoutPlaces);
export const withoutPlaces = (summary: Summary): Summary => ({
  ...summary,
  findings: summary.findings.map((finding) => ({
    ...finding,
    location: null,
    origin: '--set certificate.tls.crt',
  })),
});
export const diagnostic = diagnosticOf(
  'other.yaml',
  new LintError('other.yaml cannot be read: 50% of, it', 'Check\nit.'),
);

const isSarif = await publishedSchema('sarif-2.1.0');

/** The one run of the log, which must be valid by the schema of SARIF 2.1.0. */
export function sarif(summaries: Summary[], context = contextOf()) {
  const log = JSON.parse(formatSarif(summaries, context));
  const isValid: boolean = isSarif(log);
  assert.ok(isValid, JSON.stringify(isSarif.errors));
  return log.runs[0];
}

const junit = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  isArray: (name) => /^test(suite|case)$/.test(name),
});

/** The cases of all suites, whose counts must be right. */
export function junitCases(summaries: Summary[], context = contextOf()): Record<string, unknown>[] {
  const xml = formatJunit(summaries, context);
  assert.is(XMLValidator.validate(xml), true);
  const { testsuites } = junit.parse(xml);
  const suites: JunitSuite[] = testsuites.testsuite;
  const cases = suites.flatMap(({ testcase }) => testcase);
  for (const { testcase, ...counts } of [...suites, { ...testsuites, testcase: cases }]) {
    const having = (kind: string) => String(testcase.filter((each: object) => kind in each).length);
    assert.is(counts.tests, String(testcase.length));
    assert.is(counts.failures, having('failure'));
    assert.is(counts.errors, having('error'));
    assert.is(counts.skipped, having('skipped'));
  }
  return cases;
}

type JunitSuite = Record<'tests' | 'failures' | 'errors' | 'skipped', string> & {
  testcase: Record<string, unknown>[];
};

/** The case of a rule. */
export const caseOf = (cases: Record<string, unknown>[], rule: string) =>
  cases.find(({ name }) => name === rule) ?? {};
