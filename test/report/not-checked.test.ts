/** "Not checked" in every format: what was not looked at is never reported as fine. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { LintOptions } from '../../src/lint/lint.ts';
import { formatGithub } from '../../src/report/github.ts';
import { formatGitlab } from '../../src/report/gitlab.ts';
import { formatJson } from '../../src/report/json.ts';
import { formatOneline } from '../../src/report/oneline.ts';
import { formatText } from '../../src/report/text.ts';
import { PLAIN } from '../../src/text/paint.ts';
import { command } from '../support/command.ts';
import { lintSummary } from '../support/lint.ts';
import { CHAIN, contextOf, inline, junitCases, KEY, MISORDERED, sarif } from '../support/report.ts';
import { readCommand } from '../support/runner.ts';
import { base64, inlineYaml } from '../support/values-yaml.ts';

const test = suite('not checked');

const FULL = inline(base64(CHAIN));
const SECRET = 'certificate:\n  existing_cert: my-tls\n';
const HALF = inlineYaml(base64(CHAIN), 'ENC[AES256_GCM,data:x]');
const UNRESOLVED = inlineYaml('ENC[AES256_GCM,data:x]', 'ENC[AES256_GCM,data:y]');
const PARTIAL = { partial: true };

const CASES: [what: string, text: string, options: Partial<LintOptions>, checked: string, paths: string[]][] =
  [
    ['a whole pair', FULL, {}, 'full', []],
    ['an existing Secret, without the cluster', SECRET, {}, 'part', ['certificate.existing_cert']],
    ['one of two values to be filled in', HALF, {}, 'part', ['certificate.tls.key']],
    ['both to be filled in', UNRESOLVED, {}, 'none', ['certificate.tls.crt', 'certificate.tls.key']],
    [
      'a name to be filled in',
      'certificate: {existing_cert: "${NAME}"}\n',
      {},
      'none',
      ['certificate.existing_cert'],
    ],
    ['all of it to be filled in', 'certificate: ref+vault://x\n', {}, 'none', ['certificate']],
    ['no certificate', 'general: {}\n', PARTIAL, 'none', ['certificate']],
    ['an empty file', '', PARTIAL, 'none', ['certificate']],
    ['only the key, in an overlay', inlineYaml(null, KEY), PARTIAL, 'part', ['certificate.tls.crt']],
    [
      'the text of an example',
      inlineYaml('changeme', 'changeme'),
      {},
      'none',
      ['certificate.tls.crt', 'certificate.tls.key'],
    ],
    ['a broken certificate', inline('????'), {}, 'part', ['certificate.tls.crt']],
    ['no YAML', 'certificate: [', {}, 'none', ['']],
    [
      'both sources',
      `${SECRET}  tls: {crt: ${base64(CHAIN)}, key: ${KEY}}\n`,
      {},
      'part',
      ['certificate.existing_cert'],
    ],
    [
      'an endpoint to be filled in',
      `${FULL}general: {lightrun_endpoint: "{{ .host }}"}\n`,
      {},
      'part',
      ['general.lightrun_endpoint'],
    ],
  ];

for (const [what, text, options, checked, paths] of CASES) {
  test(`${what}: ${checked}, with path and reason`, async () => {
    const summary = await lintSummary(text, options);
    const report = JSON.parse(formatJson([summary]));
    const [target] = report.targets;
    assert.is(target.checked, checked);
    assert.equal(
      target.notChecked.map(({ path }: { path: string }) => path),
      paths,
    );
    assert.ok(target.notChecked.every(({ reason }: { reason: string }) => reason.length > 0));
    assert.is(report.summary.notChecked, checked === 'full' ? 0 : 1);
    assert.is(
      /^values\.yaml {2}ok/.test(formatText([summary], contextOf(), { paint: PLAIN, width: 80 })),
      checked === 'full',
    );
  });
}

for (const [what, text, options, reason] of [
  [
    'an existing Secret',
    SECRET,
    {},
    'certificate.existing_cert was not fully checked: the cluster was not asked what is in the Secret my-tls.',
  ],
  ['nothing', 'general: {}\n', PARTIAL, 'certificate was not checked: no certificate is set here.'],
  [
    'a value to be filled in',
    HALF,
    {},
    'certificate.tls.key was not checked: it is filled in later by SOPS.',
  ],
] as const) {
  test(`${what} is said to be not checked in every format`, async () => {
    const summaries = [await lintSummary(text, options)];
    const { invocations } = sarif(summaries);
    const [notification] = invocations[0].toolExecutionNotifications;
    assert.equal(
      [notification.descriptor.id, notification.level, notification.message.text],
      ['not-checked', 'note', reason],
    );
    assert.is(notification.locations[0].physicalLocation.artifactLocation.uri, 'values.yaml');
    assert.is(invocations[0].executionSuccessful, true);

    const commands = formatGithub(summaries, contextOf()).trimEnd().split('\n').map(readCommand);
    const notice = commands.find((each) => each?.properties.title === 'lightrun-cert: not checked');
    assert.equal([notice?.name, notice?.data, notice?.properties.file], ['notice', reason, 'values.yaml']);

    const issues = JSON.parse(formatGitlab(summaries, contextOf()));
    const issue = issues.find(({ check_name }: { check_name: string }) => check_name === 'not-checked');
    assert.equal([issue.severity, issue.description, issue.location.path], ['info', reason, 'values.yaml']);

    const cases = junitCases(summaries);
    const skipped = cases.find(({ name }) => String(name).startsWith('not-checked ')) ?? {};
    assert.is((skipped.skipped as { message: string }).message, reason);
  });
}

test('what the check does not hold is said in every format, with and without findings', async () => {
  const notes = [
    'Helm fetches the chart x/y once more when it runs.',
    'The post-renderer changes the manifests.',
  ];
  for (const text of [FULL, inline(MISORDERED)]) {
    const summaries = [{ ...(await lintSummary(text)), notes }];
    const isNote = ({ descriptor }: { descriptor: { id: string } }) => descriptor.id === 'note';
    const notifications = sarif(summaries).invocations[0].toolExecutionNotifications.filter(isNote);
    assert.equal(
      notifications.map((each: { message: { text: string }; level: string }) => [
        each.level,
        each.message.text,
      ]),
      notes.map((note) => ['note', note]),
    );
    const commands = formatGithub(summaries, contextOf()).trimEnd().split('\n').map(readCommand);
    const notices = commands.filter((each) => each?.properties.title === 'lightrun-cert: note');
    assert.equal(
      notices.map((each) => [each?.name, each?.data]),
      notes.map((note) => ['notice', note]),
    );
    const issues = JSON.parse(formatGitlab(summaries, contextOf()));
    assert.equal(
      issues
        .filter(({ check_name }: { check_name: string }) => check_name === 'note')
        .map((each: Record<string, string>) => [each.severity, each.description]),
      notes.map((note) => ['info', note]),
    );
    const skipped = junitCases(summaries).filter(({ name }) => String(name).startsWith('note '));
    assert.equal(
      skipped.map(({ name, skipped }) => [name, (skipped as { message: string }).message]),
      notes.map((note, at) => [`note ${at + 1}`, note]),
    );
    assert.match(
      formatOneline(summaries, contextOf()),
      notes.map((note) => `values.yaml:1:1: info: ${note} [note]\n`).join(''),
    );
    assert.equal(JSON.parse(formatJson(summaries)).targets[0].notes, notes);
    const shown = formatText(summaries, contextOf(), { paint: PLAIN, width: 80 });
    for (const note of notes) assert.match(shown, note);
  }
});

test('what an error says is not said again', async () => {
  for (const text of ['general: {}\n', 'certificate: [', inline('????')]) {
    const summaries = [await lintSummary(text)];
    assert.equal(sarif(summaries).invocations[0].toolExecutionNotifications, []);
    assert.not.match(formatText(summaries, contextOf(), { paint: PLAIN, width: 80 }), 'not checked');
  }
  const summaries = [
    await lintSummary('certificate: {existing_cert: a}\ngeneral: {lightrun_endpoint: "A"}\n'),
  ];
  assert.match(
    formatText(summaries, contextOf(), { paint: PLAIN, width: 80 }),
    /failed.*\n {4}certificate\.existing_cert was not/,
  );
});

test('by itself it changes no status, with --require-certificate it does where nothing was checked', async () => {
  for (const [text, args, plain, required] of [
    [FULL, [], 0, 0],
    [SECRET, [], 0, 0],
    [HALF, [], 0, 0],
    [UNRESOLVED, [], 0, 1],
    ['general: {}\n', ['--partial'], 0, 1],
    ['general: {}\n', [], 1, 1],
    ['certificate: [', ['--rule', 'values-syntax=info'], 0, 1],
    ['certificate: {existing_cert: "${NAME}"}\n', [], 0, 1],
  ] as const) {
    assert.is((await command(['lint', ...args, '-'], { stdin: text })).status, plain, text);
    const { status, stderr } = await command(['lint', '--require-certificate', ...args, '-'], {
      stdin: text,
    });
    assert.is(status, required, text);
    if (plain === 0 && required === 1) assert.match(stderr, 'no certificate was checked');
    else assert.is(stderr, '');
  }
  const { status } = await command(['lint', '--require-certificate', 'none.yaml']);
  assert.is(status, 2, '2 outweighs 1');
});

test('one target that was checked is enough for --require-certificate, and post-render has it too', async () => {
  const { mkdtempSync, rmSync, writeFileSync } = await import('node:fs');
  const folder = mkdtempSync('/tmp/lightrun-cert-test-');
  try {
    writeFileSync(`${folder}/a.yaml`, 'general: {}\n');
    writeFileSync(`${folder}/b.yaml`, SECRET);
    const args = ['lint', '--partial', '--require-certificate'];
    assert.is((await command([...args, `${folder}/a.yaml`, `${folder}/b.yaml`])).status, 0);
    assert.is((await command([...args, `${folder}/a.yaml`, `${folder}/a.yaml`])).status, 1);
  } finally {
    rmSync(folder, { recursive: true });
  }
  const manifests = 'kind: ConfigMap\n';
  const ended = await command(['post-render'], { stdin: manifests });
  assert.equal([ended.status, ended.stdout], [0, manifests]);
  const required = await command(['post-render', '--require-certificate'], { stdin: manifests });
  assert.equal([required.status, required.stdout], [1, '']);
  assert.match(required.stderr, 'no certificate was checked');
});

test('a file and what is found in it have one name: one suite, one count', async () => {
  const { stdout } = await command(['lint', '--rule', 'values-unresolved=off', '-'], { stdin: UNRESOLVED });
  assert.match(stdout, /\n1 file: no findings, 1 not checked\n$/);
});

test.run();
