import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { writeChart } from './chart.ts';
import { type Cluster, startCluster } from './cluster.ts';
import { type Helm, helms, inTurn, withHelmHome } from './helms.ts';
import { CHAIN, KEY, MISORDERED as MISORDERED_PEM } from './inline.ts';
import { ROOT } from './plugin.ts';
import { COMMAND, type Outcome, run, runCommand } from './run.ts';

const encode = (text: string) => Buffer.from(text).toString('base64');
const CRT = encode(CHAIN);
const MISORDERED = encode(MISORDERED_PEM);
const inline = (crt: string) => `certificate:\n  tls:\n    crt: ${crt}\n    key: ${KEY}\n`;

interface Place {
  folder: string;
  bin: string;
  cluster: Cluster;
  env: NodeJS.ProcessEnv;
  /** Runs the gate, as the npm package's command: Helm's own flags are all there. */
  gate(args: readonly string[], more?: { stdin?: string; env?: NodeJS.ProcessEnv }): Promise<Outcome>;
  helm(args: readonly string[], stdin?: string): Promise<Outcome>;
}

/** Every promise of the gate, with one real Helm, by turns with the other. */
export async function testGate(which: Helm['name']): Promise<void> {
  const helm = (await helms()).find((each) => each.name === which) as Helm;
  const { name, bin } = helm;
  const tests = suite<{ place: Place; done: () => void }>(`the gate with ${name}`);
  const test = inTurn(tests, helm);

  tests.before(async (context) => {
    await new Promise<void>((ready, failed) => {
      withHelmHome(async ({ folder, env: own }) => {
        const cluster = await startCluster(folder);
        const env = { ...own, HOME: folder, KUBECONFIG: cluster.kubeconfig, HELM_BIN: bin };
        await writeChart(join(folder, 'chart'));
        await writeFile(join(folder, 'good.yaml'), inline(CRT));
        await writeFile(join(folder, 'bad.yaml'), inline(MISORDERED));
        await writeFile(join(folder, 'secret.yaml'), 'certificate:\n  existing_cert: my-tls\n');
        context.place = {
          folder,
          bin,
          cluster,
          env,
          gate: (args, { stdin = '', env: more = {} } = {}) =>
            runCommand(args, { cwd: folder, stdin, env: { ...env, ...more } }),
          helm: (args, stdin = '') => run(bin, args, { cwd: folder, stdin, env }),
        };
        ready();
        await new Promise<void>((resolve) => {
          context.done = resolve;
        });
        await cluster.close();
      }).catch(failed);
    });
  });
  tests.after(({ done }) => done());
  tests.before.each(({ place }) => {
    place.cluster.fail(null);
    place.cluster.requests.length = 0;
  });

  test('good values: what Helm prints is printed, and the report goes to standard error', async ({
    place,
  }) => {
    const plain = await place.helm(['template', 'x', 'chart', '-f', 'good.yaml']);
    const gated = await place.gate(['template', 'x', 'chart', '-f', 'good.yaml']);
    assert.is(gated.status, 0, gated.stderr);
    assert.is(gated.stdout, plain.stdout);
    assert.match(gated.stderr, 'chart + good.yaml  ok');
  });

  test('broken values: nothing is printed but the report, which says that Helm was not run', async ({
    place,
  }) => {
    const { status, stdout, stderr } = await place.gate(['template', 'x', 'chart', '-f', 'bad.yaml']);
    assert.is(status, 1);
    assert.is(stdout, '');
    assert.match(stderr, /bad\.yaml:3:10 {2}error {2}chain-order/);
    assert.match(stderr, 'helm template was not run; nothing has been changed');
  });

  test('a refused install asks the cluster for nothing and writes nothing', async ({ place }) => {
    const { status } = await place.gate(['install', 'refused', 'chart', '-fbad.yaml']);
    assert.is(status, 1);
    assert.equal(place.cluster.requests, []);
  });

  test('an install of good values is done, in the namespace that is named', async ({ place }) => {
    const { status, stdout, stderr } = await place.gate([
      'install',
      'good',
      'chart',
      '-n',
      'prod',
      '--values=good.yaml',
    ]);
    assert.is(status, 0, stderr);
    assert.match(stdout, 'STATUS: deployed');
    const paths = place.cluster.writes().map(({ path }) => path);
    assert.ok(paths.includes('/api/v1/namespaces/prod/secrets'), paths.join());
  });

  test('the values of a flag go before those of files, and the flag is named', async ({ place }) => {
    const args = ['template', '--set', `certificate.tls.crt=${MISORDERED}`, 'x', 'chart', '-f', 'good.yaml'];
    const { status, stderr } = await place.gate(args);
    assert.is(status, 1);
    assert.match(stderr, '--set certificate.tls.crt  error  chain-order');
    assert.not.match(stderr, MISORDERED.slice(0, 12));
  });

  test('a key or chart that Helm complains of is not in the message', async ({ place }) => {
    const { status, stderr } = await place.gate([
      'template',
      'x',
      'chart',
      '--set-json',
      `certificate.tls.key={"${KEY}`,
    ]);
    assert.is(status, 2);
    assert.match(stderr, 'helm template was not run');
    assert.not.match(stderr, KEY.slice(0, 12));
    assert.not.match(stderr, KEY.slice(100, 112));
  });

  test('standard input is read once, for both', async ({ place }) => {
    const plain = await place.helm(['template', 'x', 'chart', '-f', '-'], inline(CRT));
    const gated = await place.gate(['template', 'x', 'chart', '-f', '-'], { stdin: inline(CRT) });
    assert.is(gated.status, 0, gated.stderr);
    assert.is(gated.stdout, plain.stdout);
    const refused = await place.gate(['template', 'x', 'chart', '-f', '-'], { stdin: inline(MISORDERED) });
    assert.is(refused.status, 1);
    assert.match(refused.stderr, '<stdin>:3:10  error  chain-order');
  });

  test("a file from --set-file's standard input too", async ({ place }) => {
    const args = ['template', 'x', 'chart', '-f', 'good.yaml', '--set-file', 'certificate.tls.crt=-'];
    const { status, stdout, stderr } = await place.gate(args, { stdin: CRT });
    assert.is(status, 0, stderr);
    assert.match(stdout, `tls.crt: ${CRT}`);
  });

  test("Helm's own failure keeps its status and its words", async ({ place }) => {
    const { status, stderr } = await place.gate([
      'template',
      'x',
      'chart',
      '-f',
      'good.yaml',
      '--show-only',
      'no.yaml',
    ]);
    assert.is(status, 1);
    assert.match(stderr, 'could not find template no.yaml in chart');
    assert.not.match(stderr, 'was not run');
  });

  test('a word that no Helm knows is refused before anything is run', async ({ place }) => {
    const { status, stderr } = await place.gate(['install', 'x', 'chart', '--no-such-flag']);
    assert.is(status, 2);
    assert.match(stderr, `helm install has no flag --no-such-flag`);
    assert.equal(place.cluster.requests, []);
  });

  for (const args of [['install'], ['upgrade', 'only-a-name'], ['template', 'a', 'b', 'c']]) {
    test(`no chart to check: ${args.join(' ')}`, async ({ place }) => {
      const { status, stderr } = await place.gate(args);
      assert.is(status, 2);
      assert.match(stderr, 'takes the NAME of a release');
    });
  }

  test('an unresolved value is an error here: Helm would install it as it is', async ({ place }) => {
    const args = ['template', 'x', 'chart', '--set', 'certificate.existing_cert=${SECRET}'];
    const { status, stderr } = await place.gate(args);
    assert.is(status, 1);
    assert.match(stderr, /error {2}values-unresolved/);
    assert.is((await place.gate([...args, '--rule', 'values-unresolved=warning'])).status, 0);
  });

  test("the gate's flags go before, after and between Helm's", async ({ place }) => {
    const bad = ['chart', '-f', 'bad.yaml'];
    for (const args of [
      ['template', '--rule', 'chain-order=warning', '--rule=pair-refused=info', 'x', ...bad],
      ['template', 'x', ...bad, '--rule=chain-order=warning', '--rule', 'pair-refused=info'],
    ]) {
      const { status, stdout, stderr } = await place.gate(args);
      assert.is(status, 0, stderr);
      assert.match(stdout, 'kind: Secret');
      assert.is((await place.gate([...args, '--strict'])).status, 1);
    }
  });

  test("what looks like a flag of the gate but is a value of Helm is Helm's", async ({ place }) => {
    const args = ['template', 'x', 'chart', '-f', 'bad.yaml', '--description', '--rule=chain-order=off'];
    assert.is((await place.gate(args)).status, 1);
  });

  test('the report as JSON, into a file', async ({ place }) => {
    const args = [
      'template',
      'x',
      'chart',
      '-f',
      'bad.yaml',
      '--lint-format=json',
      '--lint-output',
      'report.json',
    ];
    assert.is((await place.gate(args)).status, 1);
    const { stdout } = await run('cat', [join(place.folder, 'report.json')]);
    const [target] = JSON.parse(stdout).targets;
    assert.is(target.name, 'chart + bad.yaml');
    assert.is(target.findings[0].rule, 'chain-order');
  });

  test('--lint-output overwrites no file that is read, and Helm is not run', async ({ place }) => {
    const { folder } = place;
    await writeFile(join(folder, 'text'), 'x');
    await writeFile(join(folder, 'ca.pem'), CHAIN);
    for (const output of ['good.yaml', 'secret.yaml', 'text', 'ca.pem', 'chart/values.yaml']) {
      const before = readFileSync(join(folder, output));
      const files = ['-f', 'good.yaml,secret.yaml', '--set-file', 'a=text', '--ca-file', 'ca.pem'];
      const { status, stdout, stderr } = await place.gate([
        'template',
        'x',
        './chart',
        ...files,
        `--lint-output=${output}`,
      ]);
      assert.is(status, 2, output);
      assert.is(stdout, '');
      assert.match(stderr, `--lint-output ${output} would overwrite a file that is read`);
      assert.ok(readFileSync(join(folder, output)).equals(before));
    }
  });

  test('an existing Secret is read from the namespace of the release, and checked', async ({ place }) => {
    place.cluster.putSecret('prod', 'my-tls', 'kubernetes.io/tls', { 'tls.crt': CRT, 'tls.key': KEY });
    const { status, stderr } = await place.gate([
      'install',
      'live',
      'chart',
      '-f',
      'secret.yaml',
      '-n',
      'prod',
    ]);
    assert.is(status, 0, stderr);
    assert.match(stderr, 'The certificate in the Secret my-tls of the namespace prod was checked');
    assert.not.match(stderr, CRT.slice(0, 12));
  });

  test('a broken one stops the install, and nothing is written', async ({ place }) => {
    place.cluster.putSecret('broken', 'my-tls', 'kubernetes.io/tls', {
      'tls.crt': MISORDERED,
      'tls.key': KEY,
    });
    const { status, stderr } = await place.gate([
      'install',
      'x',
      'chart',
      '-f',
      'secret.yaml',
      '--namespace=broken',
    ]);
    assert.is(status, 1, stderr);
    assert.match(stderr, 'Secret broken/my-tls  error  chain-order');
    assert.equal(place.cluster.writes(), []);
  });

  test('a Secret that is not there, which asks for no list of all Secrets', async ({ place }) => {
    const args = ['install', 'x', 'chart', '-f', 'secret.yaml', '-nempty'];
    const missing = await place.gate(args);
    assert.is(missing.status, 1);
    assert.match(missing.stderr, /secret\.yaml:2:18 {2}error {2}secret-missing/);
    assert.match(missing.stderr, 'kubectl get secrets --namespace empty');
    assert.not.ok(place.cluster.requests.some(({ path }) => path.endsWith('/secrets')));
    assert.equal(place.cluster.writes(), []);
    const later = await place.gate([
      'install',
      'later',
      ...args.slice(2),
      '--rule',
      'secret-missing=warning',
    ]);
    assert.is(later.status, 0, later.stderr);
    assert.match(later.stderr, 'not fully checked');
  });

  test('without an existing Secret, and with --no-cluster, none is asked for', async ({ place }) => {
    const { status, stderr } = await place.gate(['template', 'x', 'chart', '-f', 'secret.yaml']);
    assert.is(status, 0, stderr);
    assert.equal(place.cluster.requests, []);
    const install = ['install', 'unasked', 'chart', '-f', 'secret.yaml', '-n', 'nowhere', '--no-cluster'];
    assert.is((await place.gate(install)).status, 0);
    assert.not.ok(place.cluster.requests.some(({ path }) => path.endsWith('/my-tls')));
    assert.is((await place.gate(['template', ...install.slice(1, -1), '--cluster'])).status, 1);
  });

  for (const [failure, words] of [
    ['forbidden', 'these credentials may not read it'],
    ['unauthorized', 'the cluster does not accept these credentials'],
    ['silent', 'the cluster did not answer within 1 seconds'],
    ['error', 'was not checked'],
  ] as const) {
    test(`a cluster that fails (${failure}) ends with 2 and says so; nothing is run`, async ({ place }) => {
      place.cluster.fail(failure);
      const args = [
        'install',
        'x',
        'chart',
        '-f',
        'secret.yaml',
        failure === 'silent' ? '--helm-timeout=1' : '--helm-timeout=30',
      ];
      const { status, stdout, stderr } = await place.gate(args);
      assert.is(status, 2, stderr);
      assert.is(stdout, '');
      assert.match(stderr, words);
      assert.match(stderr, 'helm install was not run');
      assert.match(stderr, 'secret.yaml  not fully checked');
      assert.equal(place.cluster.writes(), []);
    });
  }

  test('a cluster out of reach, and a context that does not exist', async ({ place }) => {
    const away = { KUBECONFIG: join(place.folder, 'none.json') };
    const reach = await place.gate(
      ['install', 'x', 'chart', '-f', 'secret.yaml', '--kube-apiserver', 'https://127.0.0.1:1'],
      { env: away },
    );
    assert.is(reach.status, 2);
    assert.match(reach.stderr, 'the cluster cannot be reached');
    const context = await place.gate([
      'install',
      'x',
      'chart',
      '-f',
      'secret.yaml',
      '--kube-context',
      'nope',
    ]);
    assert.is(context.status, 2);
    assert.match(context.stderr, 'the kubeconfig has no such context');
  });

  test('lint --cluster checks the same Secret', async ({ place }) => {
    place.cluster.putSecret('prod', 'my-tls', 'Opaque', { 'tls.crt': CRT, 'tls.key': KEY });
    const checked = await place.gate(['lint', '--cluster', '--namespace', 'prod', 'secret.yaml']);
    assert.is(checked.status, 0, checked.stderr);
    assert.match(checked.stdout, /warning {2}secret-type/);
    assert.is((await place.gate(['lint', '--cluster', '-n', 'other', '-f', 'secret.yaml'])).status, 1);
  });

  test('an upgrade is checked with the values of the release that it would reuse', async ({ place }) => {
    const installed = await place.helm(['install', 'up', 'chart', '-f', 'bad.yaml']);
    assert.is(installed.status, 0, installed.stderr);
    const writes = place.cluster.writes().length;
    const upgrade = (...words: string[]) => place.gate(['upgrade', 'up', 'chart', ...words]);
    for (const words of [
      [],
      ['--reuse-values', '--set', 'a=b'],
      ['--reset-then-reuse-values', '--set=a=b'],
    ]) {
      const { status, stderr } = await upgrade(...words);
      assert.is(status, 1, `${words}: ${stderr}`);
      assert.match(stderr, 'the release up or the chart chart  error  chain-order');
    }
    const missing = await upgrade('--reset-values', '--set', 'a=b');
    assert.is(missing.status, 1);
    assert.match(missing.stderr, 'source-missing');
    assert.is(place.cluster.writes().length, writes);
    const fixed = await upgrade('--reuse-values', '--set', `certificate.tls.crt=${CRT}`);
    assert.is(fixed.status, 0, fixed.stderr);
    assert.is((await upgrade()).status, 0);
  });

  test('upgrade --install of a release that is not there yet', async ({ place }) => {
    const refused = await place.gate(['upgrade', '-if', 'bad.yaml', 'fresh', 'chart']);
    assert.is(refused.status, 1, refused.stderr);
    assert.equal(place.cluster.writes(), []);
    const done = await place.gate(['upgrade', '--install', 'fresh', 'chart', '-f', 'good.yaml']);
    assert.is(done.status, 0, done.stderr);
    const without = await place.gate(['upgrade', 'absent', 'chart', '-f', 'good.yaml']);
    assert.is(without.status, 2);
    assert.match(without.stderr, '"absent" has no deployed releases');
  });

  test('as a plugin: what Helm hands over by environment counts, and what it lost is refused', async ({
    place,
  }) => {
    const plugins = join(place.folder, 'data', 'plugins');
    await mkdir(plugins, { recursive: true });
    await symlink(ROOT, join(plugins, 'lightrun-cert'));
    place.cluster.putSecret('env', 'my-tls', 'kubernetes.io/tls', { 'tls.crt': CRT, 'tls.key': KEY });
    const install = ['lightrun-cert', 'install', 'plugged', 'chart', '-f', 'secret.yaml', '-n', 'env'];
    const done = await place.helm(install);
    assert.is(done.status, 0, done.stderr);
    assert.match(done.stdout, 'NAMESPACE: env');
    const lost = await place.helm([
      'lightrun-cert',
      'template',
      '--kube-insecure-skip-tls-verify',
      'x',
      'chart',
      '-f',
      'good.yaml',
    ]);
    assert.is(lost.status, 2);
    assert.match(lost.stderr, 'Write it as --kube-insecure-skip-tls-verify=true');
    const safe = await place.helm([
      'lightrun-cert',
      'template',
      '--kube-insecure-skip-tls-verify=true',
      'x',
      'chart',
      '-f',
      'good.yaml',
    ]);
    assert.is(safe.status, 0, safe.stderr);
  });

  test('arguments reach Helm unchanged and in their order, without the own ones', async ({ place }) => {
    const helm = join(place.folder, 'a helm');
    await writeFile(
      helm,
      `#!/bin/sh\nif [ "$1" = install ]; then for word in "$@"; do printf '[%s]' "$word"; done; cat; exit 7; fi\nexec '${place.bin}' "$@"\n`,
      { mode: 0o755 },
    );
    const words = [
      '-gf',
      'good.yaml',
      '--set=a=b c',
      '--strict',
      'chart',
      '--wait',
      '--timeout',
      '5m',
      '--rule',
      'cert-expiring=off',
      '--',
    ];
    const { status, stdout, stderr } = await place.gate(['install', ...words], {
      stdin: 'unread\n',
      env: { HELM_BIN: helm },
    });
    assert.is(status, 7, stderr);
    assert.is(stdout, '[install][-gf][good.yaml][--set=a=b c][chart][--wait][--timeout][5m][--]unread\n');
  });

  test('a signal goes on to Helm, whose status is the end', async ({ place }) => {
    const helm = join(place.folder, 'slow-helm');
    await writeFile(
      helm,
      `#!/bin/sh\nif [ "$1" = install ]; then trap 'exit 42' TERM; echo ready; for n in 1 2 3 4 5 6 7 8 9; do sleep 0.5; done; fi\nexec '${place.bin}' "$@"\n`,
      { mode: 0o755 },
    );
    const child = spawn(process.execPath, [COMMAND, 'install', 'x', 'chart', '-f', 'good.yaml'], {
      cwd: place.folder,
      env: { ...place.env, HELM_BIN: helm },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    child.stdout.once('data', () => child.kill('SIGTERM'));
    const status = await new Promise((resolve) => child.once('exit', resolve));
    assert.is(status, 42);
  });

  test('a Helm named by a relative path', async ({ place }) => {
    await symlink(place.bin, join(place.folder, 'my helm'));
    const { status, stderr } = await place.gate(['template', 'x', 'chart', '-f', 'good.yaml'], {
      env: { HELM_BIN: './my helm' },
    });
    assert.is(status, 0, stderr);
  });

  for (const [what, script, words] of [
    ['fails', 'exit 3', 'is not Helm'],
    [
      'is too old',
      'if [ "$1" = version ]; then echo v3.9.4+gdbc6d8e; else exit 1; fi',
      'Helm 3.9 is too old',
    ],
    ['hangs', 'sleep 60', 'did not answer within 1 seconds'],
    ['prints something else', 'echo "v3.17.0+g0"', 'could not merge the values'],
  ] as const) {
    test(`a Helm that ${what}`, async ({ place }) => {
      const helm = join(place.folder, `helm that ${what}`);
      await writeFile(helm, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
      const args = ['template', 'x', 'chart', '-f', 'good.yaml', '--helm-timeout=1'];
      const { status, stdout, stderr } = await place.gate(args, { env: { HELM_BIN: helm } });
      assert.is(status, 2);
      assert.is(stdout, '');
      assert.match(stderr, words);
      assert.match(stderr, 'helm template was not run');
    });
  }

  test('what Helm could read only once is refused: nothing is checked that would not be installed', async ({
    place,
  }) => {
    await writeFile(join(place.folder, 'crt.b64'), CRT);
    const bash = (script: string) =>
      run('bash', ['-c', script, 'bash', process.execPath, COMMAND], { cwd: place.folder, env: place.env });
    for (const words of [
      '-f good.yaml --set-file certificate.tls.crt=<(cat crt.b64)',
      '-f good.yaml --set-file a.b=1,certificate.tls.crt=<(cat crt.b64)',
      '-f <(cat bad.yaml)',
      '-f good.yaml -f /dev/stdin < bad.yaml',
      '-f good.yaml -f /proc/self/fd/0 < bad.yaml',
      '-f good.yaml --set-file certificate.tls.crt=/dev/stdin < crt.b64',
    ]) {
      const { status, stdout, stderr } = await bash(`"$1" "$2" template x chart ${words}`);
      assert.is(status, 2, words);
      assert.is(stdout, '');
      assert.match(stderr, 'can be read only once');
    }
    const none = await bash('"$1" "$2" template x chart -f good.yaml -f /dev/null --values=');
    assert.is(none.status, 0, none.stderr);
  });

  test('what Helm ignores of a chart is ignored: .helmignore, and what is not a chart in charts/', async ({
    place,
  }) => {
    const chart = join(place.folder, 'ignoring');
    await writeChart(chart);
    await mkdir(join(chart, 'charts'));
    await writeFile(join(chart, 'values.yaml'), inline(CRT));
    for (const name of ['_old.tgz', '.hidden.tgz', 'junk-1.0.0.tgz'])
      await writeFile(join(chart, 'charts', name), 'junk');
    await writeFile(join(chart, '.helmignore'), 'charts/junk-1.0.0.tgz\n');
    const general = ['--set', 'general.deploy_secrets.enabled=true'];
    const rendered = await place.gate(['template', 'x', 'ignoring', ...general]);
    assert.is(rendered.status, 0, rendered.stderr);
    await writeFile(join(chart, '.helmignore'), 'charts/junk-1.0.0.tgz\nvalues.yaml\n');
    const ignored = await place.gate(['template', 'x', 'ignoring', ...general]);
    assert.is(ignored.status, 1, ignored.stderr);
    assert.match(ignored.stderr, 'source-missing');
  });

  test('values that look like the answer are not taken for it, also where Helm prints them', async ({
    place,
  }) => {
    const printed = `a:\n  printed: "e30="\n  printed-x: "e30="\n`;
    await writeFile(join(place.folder, 'printed.yaml'), inline(MISORDERED) + printed);
    const args = ['upgrade', '--install', 'spoof', 'chart', '-f', 'printed.yaml', '--debug'];
    const { status, stderr } = await place.gate(args, { env: { HELM_DEBUG: 'true' } });
    assert.is(status, 1, stderr);
    assert.match(stderr, 'printed.yaml:3:10  error  chain-order');
  });

  test('no message holds any of what a flag sets, however short', async ({ place }) => {
    for (const [flag, value] of [
      ['--set', 'db.password=hun,Sup3rS3c!'],
      ['--set-string', 'db.password=abc,Sup3rS3c!'],
      ['--set-json', 'a={"pw":"Sup3rS3c!"'],
    ] as const) {
      const { status, stderr } = await place.gate(['template', 'x', 'chart', flag, value]);
      assert.is(status, 2);
      assert.match(stderr, `the value of ${flag} is not in the form that Helm reads`);
      assert.not.match(stderr, 'Sup3rS3c');
    }
  });

  test('a flag that sets something of a like name is not blamed', async ({ place }) => {
    for (const words of [
      ['--set', 'other.certificate.tls.crt=1'],
      ['--set-json', 'lr={"certificate":{"tls":{"crt":1}}}'],
    ]) {
      const { stderr } = await place.gate(['template', 'x', 'chart', '-f', 'bad.yaml', ...words]);
      assert.match(stderr, 'bad.yaml:3:10  error  chain-order');
    }
  });

  test('advice names the flag that Helm does not take for its own', async ({ place }) => {
    const [leaf = ''] = CHAIN.split(/(?<=-----END CERTIFICATE-----\n)/);
    await writeFile(join(place.folder, 'leaf.yaml'), inline(encode(leaf)));
    const gated = await place.gate(['template', 'x', 'chart', '-f', 'leaf.yaml']);
    assert.match(gated.stderr, 'chain-incomplete');
    assert.match(gated.stderr, /--lint-ca-file\s+FILE/);
    const linted = await place.gate(['lint', 'leaf.yaml']);
    assert.match(linted.stdout, /\s--ca-file\s+FILE/);
  });

  test('common mistakes get a clear message', async ({ place }) => {
    const args = ['template', 'x', 'chart', '-f', 'good.yaml'];
    for (const [words, env, message] of [
      [['--format=json'], {}, 'Did you mean --lint-format?'],
      [['--cluster', '--no-cluster'], {}, 'contradict each other'],
      [['-f', 'good.yaml,'], {}, 'has an empty file name'],
      [[], { TMPDIR: '/nonexistent' }, 'no temporary folder can be made in /nonexistent'],
    ] as const) {
      const { status, stderr } = await place.gate([...args, ...words], { env });
      assert.is(status, 2);
      assert.match(stderr, message);
      assert.match(stderr, 'helm template was not run');
    }
    const missing = await place.gate(['template', 'x', 'nochart']);
    assert.not.match(missing.stderr, 'redacted');
  });

  test('a signal while Helm is asked leaves neither a folder nor a Helm process', async ({ place }) => {
    const helm = join(place.folder, 'sleepy-helm');
    await writeFile(helm, '#!/bin/sh\ntrap "" TERM\necho $$ > pid\nexec sleep 20\n', { mode: 0o755 });
    const tmp = join(place.folder, 'tmp');
    await mkdir(tmp);
    const child = spawn(process.execPath, [COMMAND, 'template', 'x', 'chart', '-f', 'good.yaml'], {
      cwd: place.folder,
      env: { ...place.env, HELM_BIN: helm, TMPDIR: tmp },
      stdio: 'ignore',
    });
    const pid = join(place.folder, 'pid');
    while (!existsSync(pid) || readFileSync(pid).length === 0)
      await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGTERM');
    assert.is(await new Promise((resolve) => child.once('exit', resolve)), 143);
    assert.equal(readdirSync(tmp), []);
    const { stdout } = await run('ps', ['-o', 'stat=', '-p', readFileSync(pid, 'utf8').trim()]);
    assert.ok(stdout === '' || stdout.startsWith('Z'), stdout);
  });

  test('no Helm at all', async ({ place }) => {
    const args = ['template', 'x', 'chart', '-f', 'good.yaml'];
    const named = await place.gate(args, { env: { HELM_BIN: '/no/such/helm' } });
    assert.is(named.status, 2);
    assert.match(named.stderr, 'the program that HELM_BIN names, /no/such/helm, does not exist');
    const { status, stderr } = await place.gate(args, { env: { HELM_BIN: '', PATH: '' } });
    assert.is(status, 2);
    assert.match(stderr, 'helm is not in the PATH');
  });

  tests.run();
}
