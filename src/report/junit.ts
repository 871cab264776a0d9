import { notCheckedValues } from '../lint/not-checked.ts';
import type { Reported, ReportedTarget } from '../lint/summary.ts';
import { RULES } from '../rules/index.ts';
import type { Rule } from '../rules/rule.ts';
import { escapeUnsafe } from '../text/escape.ts';
import { redact } from '../text/redact.ts';
import { isUnset, type SettingName } from '../values/settings.ts';
import type { Problem, Run } from './context.ts';
import { type Place, type ReportedFinding, reportedFindings } from './findings.ts';

/**
 * The findings as JUnit XML: a suite for each target, a case for each rule. What could not be judged is skipped, or an
 * error. A finding that does not make the run fail leaves its case passed, with the text as output. Times are zero, so
 * that the same input gives the same bytes.
 * @see the schema that Jenkins' xUnit plugin publishes; GitLab: unit test reports
 */
export function formatJunit(run: Run): string {
  const suites = run.outcomes.map((outcome) => suite(outcome, run));
  const alone = run.problems.filter(
    ({ target }) => !run.outcomes.some((outcome) => outcome.target.name === target),
  );
  const all = [...suites, ...alone.map(problemSuite)];
  const count = (kind: Case['kind']) => all.reduce((sum, { cases }) => sum + countOf(cases, kind), 0);
  const tests = all.reduce((sum, { cases }) => sum + cases.length, 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="lightrun-cert" tests="${tests}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}" time="0">`,
    ...all.map(({ xml }) => xml),
    '</testsuites>',
    '',
  ].join('\n');
}

interface Case {
  kind: 'passed' | 'failure' | 'error' | 'skipped';
  xml: string;
}

interface Suite {
  cases: readonly Case[];
  xml: string;
}

function suite(outcome: Reported, run: Run): Suite {
  const name = escapeUnsafe(outcome.target.name);
  const findings = reportedFindings(outcome, run.folder);
  const problems = run.problems.filter(({ target }) => target === outcome.target.name);
  const cases = RULES.map((rule) =>
    ruleCase(
      rule,
      outcome,
      findings.filter(({ finding }) => finding.rule === rule),
      run,
    ),
  );
  return suiteOf(name, [...cases, ...problems.map((problem) => errorCase(name, problem))]);
}

function problemSuite(problem: Problem): Suite {
  const name = escapeUnsafe(redact(problem.target));
  return suiteOf(name, [errorCase(name, problem)]);
}

function suiteOf(name: string, cases: readonly Case[]): Suite {
  const counts = `tests="${cases.length}" failures="${countOf(cases, 'failure')}" errors="${countOf(cases, 'error')}" skipped="${countOf(cases, 'skipped')}"`;
  const head = `  <testsuite name="${xml(name)}" ${counts} time="0">`;
  return { cases, xml: [head, ...cases.map((each) => each.xml), '  </testsuite>'].join('\n') };
}

function ruleCase(rule: Rule, outcome: Reported, findings: readonly ReportedFinding[], run: Run): Case {
  const [first] = findings;
  const head = caseStart(escapeUnsafe(outcome.target.name), rule.id, first?.place ?? null);
  if (first === undefined) {
    const reason = whySkipped(rule, outcome, run);
    if (reason === null) return { kind: 'passed', xml: `${head}/>` };
    return { kind: 'skipped', xml: `${head}><skipped message="${reason}">${reason}</skipped></testcase>` };
  }
  const text = findings.map(({ message, help }) => `${message}\n\n${help}`).join('\n\n');
  const fails = ({ finding }: ReportedFinding) =>
    finding.severity === 'error' || (run.strict && finding.severity === 'warning');
  const failing = findings.find(fails);
  if (!failing) return { kind: 'passed', xml: `${head}><system-out>${xml(text)}</system-out></testcase>` };
  const failure = `<failure type="${failing.finding.severity}" message="${xml(failing.message)}">${xml(text)}</failure>`;
  return { kind: 'failure', xml: `${head}>${failure}</testcase>` };
}

/** The start of a case. Readers group by class, whose package ends at the last dot: so a target's name holds none. */
function caseStart(target: string, name: string, place: Place | null): string {
  const className = `lightrun-cert.${target.replaceAll('.', '_')}`;
  const file = place === null ? '' : ` file="${xml(escapeUnsafe(place.relative))}" line="${place.line}"`;
  return `    <testcase classname="${xml(className)}" name="${name}"${file} time="0"`;
}

const OF_MATERIAL: ReadonlySet<SettingName> = new Set(['tls', 'crt', 'key']);

/** Why a rule without a finding did not judge; null where it did, as far as can be told. */
function whySkipped(rule: Rule, { target, unread }: Reported, { severities }: Run): string | null {
  if (severities.get(rule.id) === 'off') return 'turned off';
  if (target.problem !== null) return 'the values cannot be read';
  if (rule.stage === 'cluster') {
    if (target.live !== null) return target.live.found === null ? 'there is no such Secret' : null;
    return unread ? 'the cluster could not be asked' : 'the cluster was not asked';
  }
  if (rule.stage === 'values' && rule.appliesTo.some(([name]) => name === 'certificate')) return null;
  const everyGroupHas = (test: (name: SettingName) => boolean) =>
    rule.appliesTo.every((group) => group.some(test));
  if (target.material === null && everyGroupHas((name) => OF_MATERIAL.has(name))) {
    return 'there is no certificate to judge';
  }
  if (everyGroupHas(isUnjudged(target))) return 'the value was not judged';
  const isMissing = (name: SettingName) => name !== 'tls' && isUnset(target.settings[name].value);
  return everyGroupHas(isMissing) ? 'the value is not set' : null;
}

/** A broken value is not judged to its end, whatever the source: rather skipped too often than passed too often. */
function isUnjudged(target: ReportedTarget): (name: SettingName) => boolean {
  const { chain, privateKey } = target.material ?? {};
  const names = new Set(notCheckedValues(target).map(({ name }) => name));
  if (!chain) names.add('crt');
  if (privateKey?.state !== 'opened') names.add('key');
  return (name) => names.has(name);
}

function errorCase(target: string, { message, help }: Problem): Case {
  const head = caseStart(target, 'not-judged', null);
  return {
    kind: 'error',
    xml: `${head}><error type="not-judged" message="${xml(message)}">${xml(help)}</error></testcase>`,
  };
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
