import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { helms, withHelmHome } from '../support/helms.ts';
import { CHAIN, inline, MISORDERED } from '../support/inline.ts';
import { ROOT } from '../support/plugin.ts';
import { sampled } from '../support/property.ts';
import { publishedSchema } from '../support/published-schemas.ts';
import { run } from '../support/run.ts';

const test = suite('the GitHub Action');

const action = parse(await readFile(join(ROOT, 'action.yml'), 'utf8'));
test('is described as GitHub wants it', async () => {
  const validate = await publishedSchema('github-action');
  const isValid: boolean = validate(action);
  assert.ok(isValid, JSON.stringify(validate.errors));
});

interface ReportContext {
  status: number | null;
  stdout: string;
  stderr: string;
  output: string;
}

/** Runs the steps of the composite action in a workspace, as the runner does: inputs by their expressions, bash. */
async function runAction(
  workspace: string,
  env: NodeJS.ProcessEnv,
  given: Record<string, string>,
): Promise<ReportContext> {
  const inputs = Object.entries<{ default: string }>(action.inputs).map(([name, input]) => [
    name,
    given[name] ?? input.default,
  ]);
  const value = (text: string) =>
    text.replace(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_, name: string) => Object.fromEntries(inputs)[name]);
  const outputs = join(workspace, '..', 'outputs');
  await writeFile(outputs, '');
  let last: ReportContext = { status: 0, stdout: '', stderr: '', output: '' };
  for (const step of action.runs.steps) {
    assert.is(step.shell, 'bash');
    assert.not.match(step.run, '${{');
    const own = Object.fromEntries(
      Object.entries<string>(step.env).map(([name, text]) => [name, value(text)]),
    );
    const runner = { GITHUB_ACTION_PATH: ROOT, GITHUB_OUTPUT: outputs, GITHUB_WORKSPACE: workspace };
    const ended = await run('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run], {
      cwd: workspace,
      env: { ...env, ...runner, ...own },
    });
    last = { ...ended, output: await readFile(outputs, 'utf8') };
    if (ended.status !== 0) break;
  }
  return last;
}

test('fails on an error, shows it at its line, and takes files with spaces; inputs are not code', () =>
  withHelmHome(async ({ folder, env }) => {
    const workspace = join(folder, 'work space');
    await mkdir(workspace);
    await writeFile(join(workspace, 'values.yaml'), inline(CHAIN));
    await writeFile(join(workspace, 'prod values.yaml'), inline(MISORDERED));
    await writeFile(join(workspace, 'overlay.yaml'), 'general: {}\n');

    const good = await runAction(workspace, env, {});
    assert.is(good.status, 0, good.stderr);
    assert.is(good.output, 'status=0\n');

    const bad = await runAction(workspace, env, { files: '  values.yaml\n\nprod values.yaml\r\n' });
    assert.is(bad.status, 1, bad.stderr);
    assert.match(bad.stdout, /^::error file=prod values\.yaml,line=3,/m);
    assert.is(bad.output, 'status=1\n');

    const overlay = await runAction(workspace, env, {
      files: 'overlay.yaml',
      partial: 'true',
      strict: 'true',
    });
    assert.is(overlay.status, 0, overlay.stderr);

    const args = '--rule=chain-order=warning\n--rule=pair-refused=off';
    const sarif = await runAction(workspace, env, {
      files: 'prod values.yaml',
      format: 'sarif',
      output: 'x.sarif',
      args,
    });
    assert.is(sarif.status, 0, sarif.stderr);
    assert.is(JSON.parse(await readFile(join(workspace, 'x.sarif'), 'utf8')).version, '2.1.0');

    const hostile = await runAction(workspace, env, {
      files: '$(touch injected)\n`touch injected`\n--rule=x',
    });
    assert.is(hostile.status, 2);
    const { stdout } = await run('ls', [workspace]);
    assert.not.match(stdout, 'injected');
  }));

test('a switch is true or false in the words that people write, and anything else is an error', () =>
  withHelmHome(async ({ folder, env }) => {
    const workspace = join(folder, 'workspace');
    await mkdir(workspace);
    await writeFile(join(workspace, 'values.yaml'), 'general: {}\n');
    for (const partial of ['true', 'TRUE', 'Yes', 'on', '1', ' true\n']) {
      assert.is((await runAction(workspace, env, { partial })).status, 0, partial);
    }
    for (const partial of ['false', 'False', 'NO', 'off', '0']) {
      assert.is((await runAction(workspace, env, { partial })).status, 1, partial);
    }
    for (const [at, name] of ['partial', 'strict', 'merge'].entries()) {
      for (const value of sampled(['', 'y', 'maybe', 'true false', '2', '${{ true }}'], 3, at)) {
        const { status, stdout, stderr, output } = await runAction(workspace, env, { [name]: value });
        assert.equal([status, stdout, output], [2, '', 'status=2\n'], value);
        assert.match(stderr, `the input ${name} is ${JSON.stringify(value)}; write true or false`);
        assert.is(stderr.trim().split('\n').length, 1, stderr);
      }
    }
  }));

test('files takes globs, leaves out what follows !, and is never green on no file', () =>
  withHelmHome(async ({ folder, env }) => {
    const workspace = join(folder, 'workspace');
    await mkdir(join(workspace, 'envs', 'eu', 'prod'), { recursive: true });
    await writeFile(join(workspace, 'envs', 'values.yaml'), inline(CHAIN));
    await writeFile(join(workspace, 'envs', 'eu', 'values-a.yaml'), inline(CHAIN));
    await writeFile(join(workspace, 'envs', 'eu', 'prod', 'values b.yaml'), inline(MISORDERED));
    await writeFile(join(workspace, 'envs', '[x]*.yaml'), inline(CHAIN));
    const checked = async (files: string) => {
      const ended = await runAction(workspace, env, { files, format: 'json' });
      const { targets } = JSON.parse(ended.stdout) as { targets: { name: string }[] };
      return [ended.status, ...targets.map(({ name }) => name)];
    };
    const [top, a, b] = ['envs/values.yaml', 'envs/eu/values-a.yaml', 'envs/eu/prod/values b.yaml'];
    assert.equal(await checked('envs/**/values*.yaml'), [1, b, a, top]);
    assert.equal(await checked('envs/*/values*.yaml\nenvs/values.yaml'), [0, a, top]);
    assert.equal(await checked('envs/**/values*.yaml\n!**/prod/*'), [0, a, top]);
    assert.equal(await checked(`${top}\nenvs/**/values*.yaml`), [1, top, b, a]);
    assert.equal(await checked('envs/[x]*.yaml'), [0, 'envs/[x]*.yaml']);
    for (const files of [
      '',
      ' \n',
      'envs/*.yml',
      'envs/values.yaml\n**/none*',
      '*.yaml\n!**',
      'envs/[z-a]*',
    ]) {
      const { status, stdout, stderr, output } = await runAction(workspace, env, { files });
      assert.equal([status, stdout, output], [2, '', 'status=2\n'], files);
      assert.match(stderr, /^lightrun-cert: the input files [^\n]*\n$/);
    }
    const missing = await runAction(workspace, env, { files: 'missing.yaml' });
    assert.is(missing.status, 2);
    assert.match(missing.stderr, 'missing.yaml');
  }));

test('merge checks the one set of values that Helm merges, in the order of the lines', async () => {
  for (const helm of await helms()) {
    await withHelmHome(async ({ folder, env: own }) => {
      const env = { ...own, HELM_BIN: helm.bin };
      const workspace = join(folder, 'workspace');
      await mkdir(workspace);
      await writeFile(join(workspace, 'base, "old".yaml'), inline(MISORDERED));
      await writeFile(join(workspace, 'overlay.yaml'), inline(CHAIN));
      const right = 'base, "old".yaml\noverlay.yaml';
      const merged = await runAction(workspace, env, { files: right, merge: 'yes', format: 'json' });
      assert.is(merged.status, 0, merged.stderr);
      assert.is(JSON.parse(merged.stdout).targets.length, 1);
      const wrong = await runAction(workspace, env, { files: 'over*.yaml\nbase*', merge: 'true' });
      assert.is(wrong.status, 1, wrong.stderr);
      assert.match(wrong.stdout, 'chain-order');
    });
  }
});

test('file names are not code, nor flags, nor commands of the runner', () =>
  withHelmHome(async ({ folder, env }) => {
    const workspace = join(folder, 'workspace');
    await mkdir(workspace);
    const names = [
      '$(touch injected).yaml',
      '`touch injected`.yaml',
      '--output=injected',
      "a';touch injected;'.yaml",
      '%0A::error::x.yaml',
    ];
    for (const name of names) await writeFile(join(workspace, name), inline(CHAIN));
    const ended = await runAction(workspace, env, { files: '*' });
    assert.is(ended.status, 0, ended.stdout + ended.stderr);
    const named = await runAction(workspace, env, { files: names.join('\n') });
    assert.is(named.status, 0, named.stdout + named.stderr);
    assert.equal((await readdir(workspace)).sort(), [...names].sort());
    assert.not.match(ended.stdout, /^::error/m);
  }));

test('what docs/ci.md shows of the action exists', async () => {
  const text = await readFile(join(ROOT, 'docs', 'ci.md'), 'utf8');
  for (const name of Object.keys(action.inputs)) assert.match(text, `| \`${name}\``);
});

test.run();
