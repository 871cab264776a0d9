import type { Summary } from '../lint/summary.ts';
import { RULES } from '../rules/index.ts';
import type { Rule } from '../rules/rule.ts';
import { escapeCommandsXml } from '../text/ci-commands.ts';
import { escapeUnsafe } from '../text/display.ts';
import type { SettingName } from '../values/settings.ts';
import type { ReportContext, TargetDiagnostic } from './context.ts';
import { type LocatedFinding, locateFindings, type Place } from './findings.ts';
import { type Note, notesOf, notesOfRun } from './notes.ts';

type Context = Pick<ReportContext, 'strict' | 'severities' | 'diagnostics' | 'folder' | 'configuration'>;

/**
 * The findings as JUnit XML: a suite for each target, a case for each rule. What was not checked is skipped, or an
 * error. A finding that does not make the run fail leaves its case passed, with the text as output. Times are zero, so
 * that the same input gives the same bytes.
 * @see the schema that Jenkins' xUnit plugin publishes; GitLab: unit test reports
 */
export function formatJunit(summaries: readonly Summary[], context: Context): string {
  const suites = summaries.map((summary) => targetSuite(summary, context));
  const alone = context.diagnostics.filter(({ target }) => !summaries.some(({ name }) => name === target));
  const all = [...suites, ...alone.map(diagnosticSuite), ...runSuites(context)];
  const count = (kind: Case['kind']) => all.reduce((sum, { cases }) => sum + countOf(cases, kind), 0);
  const tests = all.reduce((sum, { cases }) => sum + cases.length, 0);
  return escapeCommandsXml(
    [
      '<?xml version="1.0" encoding="UTF-8"?>',
      `<testsuites name="lightrun-cert" tests="${tests}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}" time="0">`,
      ...all.map(({ xml }) => xml),
      '</testsuites>',
      '',
    ].join('\n'),
  );
}

interface Case {
  kind: 'passed' | 'failure' | 'error' | 'skipped';
  xml: string;
}

interface Suite {
  cases: readonly Case[];
  xml: string;
}

function targetSuite(summary: Summary, context: Context): Suite {
  const name = escapeUnsafe(summary.name);
  const findings = locateFindings(summary, context.folder);
  const diagnostics = context.diagnostics.filter(({ target }) => target === summary.name);
  const cases = RULES.map((rule) =>
    ruleCase(
      rule,
      summary,
      findings.filter((finding) => finding.rule === rule.id),
      context,
    ),
  );
  const notes = notesOf(summary, context.folder);
  return suiteOf(name, [
    ...cases,
    ...diagnostics.map((diagnostic) => errorCase(name, diagnostic)),
    ...notes.map((note) => noteCase(name, note, notes)),
  ]);
}

function diagnosticSuite(diagnostic: TargetDiagnostic): Suite {
  const name = escapeUnsafe(diagnostic.target);
  return suiteOf(name, [errorCase(name, diagnostic)]);
}

/** What a configuration file changed, as skipped cases of a suite of its own. */
function runSuites(context: Context): Suite[] {
  const notes = notesOfRun(context);
  const name = escapeUnsafe(context.configuration?.name ?? '');
  return notes.length === 0
    ? []
    : [
        suiteOf(
          name,
          notes.map((note) => noteCase(name, note, notes)),
        ),
      ];
}

function suiteOf(name: string, cases: readonly Case[]): Suite {
  const counts = `tests="${cases.length}" failures="${countOf(cases, 'failure')}" errors="${countOf(cases, 'error')}" skipped="${countOf(cases, 'skipped')}"`;
  const head = `  <testsuite name="${xml(name)}" ${counts} time="0">`;
  return { cases, xml: [head, ...cases.map((each) => each.xml), '  </testsuite>'].join('\n') };
}

function ruleCase(rule: Rule, summary: Summary, findings: readonly LocatedFinding[], context: Context): Case {
  const [first] = findings;
  const head = caseStart(escapeUnsafe(summary.name), rule.id, first?.place ?? null);
  if (first === undefined) {
    const reason = whySkipped(rule, summary, context);
    if (reason === null) return { kind: 'passed', xml: `${head}/>` };
    return { kind: 'skipped', xml: `${head}><skipped message="${reason}">${reason}</skipped></testcase>` };
  }
  const text = findings.map(({ message, fix }) => `${message}\n\n${fix}`).join('\n\n');
  const failing = findings.find(
    ({ severity }) => severity === 'error' || (context.strict && severity === 'warning'),
  );
  if (!failing) return { kind: 'passed', xml: `${head}><system-out>${xml(text)}</system-out></testcase>` };
  const failure = `<failure type="${failing.severity}" message="${xml(failing.message)}">${xml(text)}</failure>`;
  return { kind: 'failure', xml: `${head}>${failure}</testcase>` };
}

/** The start of a case. Readers group by class, whose package ends at the last dot, so dots in the target's name are replaced. */
function caseStart(target: string, name: string, place: Place | null): string {
  const className = `lightrun-cert.${target.replaceAll('.', '_')}`;
  const file = place === null ? '' : ` file="${xml(escapeUnsafe(place.relative))}" line="${place.line}"`;
  return `    <testcase classname="${xml(className)}" name="${name}"${file} time="0"`;
}

const OF_MATERIAL: ReadonlySet<SettingName> = new Set(['tls', 'crt', 'key']);

/** Why a rule without a finding did not run; null where it did, as far as is known. */
function whySkipped(rule: Rule, summary: Summary, { severities }: Context): string | null {
  const { source, live, unread, material, unset } = summary;
  if (severities.get(rule.id) === 'off') return 'turned off';
  if (summary.ignored.some((each) => each.rule === rule.id)) return 'ignored by a comment';
  if (source === 'unreadable') return 'the values cannot be read';
  if (rule.stage === 'cluster') {
    if (live !== null) return live.isFound ? null : 'there is no such Secret';
    return unread ? 'the cluster could not be asked' : 'the cluster was not asked';
  }
  if (rule.stage === 'upgrade' && !summary.isCompared) return 'there was no release to compare with';
  if (rule.stage === 'values' && rule.appliesTo.some(([name]) => name === 'certificate')) return null;
  const everyGroupHas = (test: (name: SettingName) => boolean) =>
    rule.appliesTo.every((group) => (rule.isEach ? group.every(test) : group.some(test)));
  if (material === null && everyGroupHas((name) => OF_MATERIAL.has(name))) {
    return 'there is no certificate to check';
  }
  const notChecked = namesNotChecked(summary);
  if (everyGroupHas((name) => notChecked.has(name))) return 'the value was not checked';
  const isMissing = (name: SettingName) => name !== 'tls' && unset.includes(name);
  return everyGroupHas(isMissing) ? 'the value is not set' : null;
}

/** A broken value is not checked to the end, whatever the source: better skipped too often than passed too often. */
function namesNotChecked({ notChecked, material }: Summary): ReadonlySet<SettingName> {
  const unread = notChecked.filter(({ kind }) => kind !== 'secret' && kind !== 'missing');
  const names = new Set(unread.map(({ name }) => name));
  if (!material?.path) names.add('crt');
  if (!material?.isKeyOpened) names.add('key');
  return names;
}

/** @param all the notes of the same suite, in which no two cases may have one name */
function noteCase(target: string, note: Note, all: readonly Note[]): Case {
  const { id, message, path, place } = note;
  const number = all.filter((each) => each.id === 'note').indexOf(note) + 1;
  const which = { ignored: ` ${message.split(' ', 1)}`, note: ` ${number}` }[id as string] ?? '';
  const head = caseStart(target, xml([id + which, ...(path === '' ? [] : [path])].join(' ')), place);
  return {
    kind: 'skipped',
    xml: `${head}><skipped message="${xml(message)}">${xml(message)}</skipped></testcase>`,
  };
}

function errorCase(target: string, { message, help }: TargetDiagnostic): Case {
  const head = caseStart(target, 'not-checked', null);
  return {
    kind: 'error',
    xml: `${head}><error type="not-checked" message="${xml(message)}">${xml(help)}</error></testcase>`,
  };
}

function countOf(cases: readonly Case[], kind: Case['kind']): number {
  return cases.filter((each) => each.kind === kind).length;
}

/** XML 1.0 cannot hold some characters, not even escaped. The text is escaped already, so only line feeds are left. */
function xml(text: string): string {
  return text
    .replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;');
}
