import type { Outcome } from '../lint.ts';
import { RULES } from '../rules/index.ts';
import type { Rule } from '../rules/rule.ts';
import { harmless } from '../text/harmless.ts';
import { withhold } from '../text/withhold.ts';
import { unjudgedValues } from '../unjudged.ts';
import { type ReportedFinding, reportedFindings } from './findings.ts';
import type { Problem, Run } from './run.ts';

/**
 * The findings as JUnit XML: a suite for each target, a case for each rule. What could not be judged is skipped, or an
 * error.
 * @see the schema that Jenkins' xUnit plugin publishes; GitLab: unit test reports
 */
export function formatJunit(run: Run): string {
  const suites = run.outcomes.map((outcome) => suite(outcome, run));
  const alone = run.problems.filter(
    ({ target }) => !run.outcomes.some((outcome) => outcome.target.name === target),
  );
  const all = [...suites, ...alone.map((problem) => suiteOf(problem.target, [errorCase(problem)]))];
  const count = (kind: Case['kind']) => all.reduce((sum, { cases }) => sum + countOf(cases, kind), 0);
  const tests = all.reduce((sum, { cases }) => sum + cases.length, 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="lightrun-cert" tests="${tests}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}">`,
    ...all.map(({ xml }) => xml),
    '</testsuites>',
    '',
  ].join('\n');
}

interface Case {
  kind: 'passed' | 'failure' | 'error' | 'skipped';
  xml: string;
}

function suite(outcome: Outcome, run: Run): { cases: Case[]; xml: string } {
  const findings = reportedFindings(outcome, run.folder);
  const problems = run.problems.filter(({ target }) => target === outcome.target.name);
  const cases = RULES.map((rule) =>
    ruleCase(
      rule,
      outcome,
      findings.filter(({ verdict }) => verdict.rule === rule),
      run,
    ),
  );
  return suiteOf(outcome.target.name, [...cases, ...problems.map(errorCase)]);
}

function suiteOf(name: string, cases: Case[]): { cases: Case[]; xml: string } {
  const counts = `tests="${cases.length}" failures="${countOf(cases, 'failure')}" errors="${countOf(cases, 'error')}" skipped="${countOf(cases, 'skipped')}"`;
  const head = `  <testsuite name="${xml(harmless(withhold(name)))}" ${counts}>`;
  return { cases, xml: [head, ...cases.map((each) => each.xml), '  </testsuite>'].join('\n') };
}

function ruleCase(rule: Rule, outcome: Outcome, findings: readonly ReportedFinding[], run: Run): Case {
  const [first] = findings;
  const place = first?.place
    ? ` file="${xml(harmless(first.place.relative))}" line="${first.place.line}"`
    : '';
  const head = `    <testcase classname="lightrun-cert.${xml(rule.stage.replaceAll(' ', '-'))}" name="${rule.id}"${place}`;
  if (first === undefined) {
    const reason = whySkipped(rule, outcome, run);
    if (reason === null) return { kind: 'passed', xml: `${head}/>` };
    return { kind: 'skipped', xml: `${head}><skipped message="${xml(reason)}"/></testcase>` };
  }
  const text = findings.map(({ message, help }) => `${message}\n\n${help}`).join('\n\n');
  const fails = ({ verdict }: ReportedFinding) =>
    verdict.severity === 'error' || (run.strict && verdict.severity === 'warning');
  const failing = findings.find(fails);
  if (!failing) return { kind: 'passed', xml: `${head}><system-out>${xml(text)}</system-out></testcase>` };
  const failure = `<failure type="${failing.verdict.severity}" message="${xml(failing.message)}">${xml(text)}</failure>`;
  return { kind: 'failure', xml: `${head}>${failure}</testcase>` };
}

/** Why a rule without a finding did not judge; null where it did. */
function whySkipped(rule: Rule, { target, unread }: Outcome, { off }: Run): string | null {
  if (off.has(rule.id)) return 'turned off';
  if (target.problem !== null) return 'the values cannot be read';
  if (rule.stage === 'values') return null;
  if (rule.stage === 'cluster') {
    if (target.live !== null) return null;
    return unread ? 'the cluster could not be asked' : 'the cluster was not asked';
  }
  const concerned = rule.judges.flat();
  const isOfMaterial = concerned.some((name) => name === 'crt' || name === 'key');
  if (isOfMaterial && target.material === null) return 'there is no certificate to judge';
  const unjudged = new Set(unjudgedValues(target).map(({ name }) => name));
  return rule.judges.every((group) => group.some((name) => unjudged.has(name)))
    ? 'the value was not judged'
    : null;
}

function errorCase({ message, help }: Problem): Case {
  const head = '    <testcase classname="lightrun-cert" name="not-judged">';
  return { kind: 'error', xml: `${head}<error message="${xml(message)}">${xml(help)}</error></testcase>` };
}

function countOf(cases: readonly Case[], kind: Case['kind']): number {
  return cases.filter((each) => each.kind === kind).length;
}

/** XML 1.0 has no place for some characters, not even escaped; the text is harmless already, so line ends are the rest. */
function xml(text: string): string {
  return text
    .replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;');
}
