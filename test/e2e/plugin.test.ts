import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { EXISTING_CERT_VALUES, exampleChain, inlineValues } from '../../scripts/example.mjs';
import { type Helm, type HelmHome, helms, inTurn, withHelmHome } from '../support/helms.ts';
import { commitAll, copyCheckout, pathWith, ROOT } from '../support/plugin.ts';
import { isWhole } from '../support/property.ts';
import { type Outcome, run } from '../support/run.ts';

const { certificates, key } = exampleChain();
const GOOD = inlineValues(certificates, key);
const MISORDERED = inlineValues(certificates.toReversed(), key);
const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));

/** All of Helm's and the test's folders have a space in their path. */
const PREFIX = 'lightrun cert-';

for (const helm of await helms()) {
  const tests = suite(helm.name);
  const test = inTurn(tests, helm);

  test('a linked checkout lints, with the exit status of the contract', () =>
    withHelmHome(async (home) => {
      const installed = await installLinked(helm, home);
      assert.is(installed.status, 0, installed.stderr);
      await writeFile(join(home.folder, 'good.yaml'), EXISTING_CERT_VALUES);
      await writeFile(join(home.folder, 'missing.yaml'), 'general: {}\n');

      const plugin = (args: string[], stdin = ''): Promise<Outcome> => lightrunCert(helm, home, args, stdin);
      assert.is((await plugin(['lint', 'good.yaml'])).status, 0);
      assert.is((await plugin(['lint', 'missing.yaml'])).status, 1);
      assert.is((await plugin(['lint', 'no-such-file.yaml'])).status, 2);
      assert.is((await plugin(['lint', 'good.yaml', 'no-such-file.yaml', 'missing.yaml'])).status, 2);
      assert.is((await plugin(['lint', '-'], GOOD)).status, 0);
      assert.is((await plugin(['lint', '-'], MISORDERED)).status, 1);
    }, PREFIX));

  test('says its version and its help', () =>
    withHelmHome(async (home) => {
      await installLinked(helm, home);
      const said = await lightrunCert(helm, home, ['--version']);
      assert.is(said.status, 0);
      assert.match(said.stdout, version);
      const help = await lightrunCert(helm, home, ['--help']);
      assert.is(help.status, 0);
      assert.match(help.stdout, 'lint');
      const listed = await run(helm.bin, ['plugin', 'list'], home);
      assert.match(listed.stdout, new RegExp(`lightrun-cert\\s+${version.replaceAll('.', '\\.')}`));
    }, PREFIX));

  // It takes npm longer than all the rest; a release is installed from its Git URL in test/e2e/release.test.ts.
  if (isWhole)
    test('a clone from a Git URL builds itself when it is installed and when it is updated', () =>
      withHelmHome(async (home) => {
        const repository = join(home.folder, 'upstream', 'helm-lightrun-cert');
        await copyCheckout(repository, 'sources');
        await commitAll(repository);
        const url = pathToFileURL(repository).href;
        const unsigned = helm.name === 'Helm 4' ? ['--verify=false'] : [];

        const installed = await run(helm.bin, ['plugin', 'install', url, ...unsigned], home);
        assert.is(installed.status, 0, installed.stderr);
        assert.is((await lightrunCert(helm, home, ['lint', '-'], GOOD)).status, 0);
        assert.is((await lightrunCert(helm, home, ['lint', '-'], MISORDERED)).status, 1);

        const manifest = join(repository, 'package.json');
        await writeFile(manifest, (await readFile(manifest, 'utf8')).replace(`"${version}"`, '"99.0.0"'));
        await commitAll(repository);
        const updated = await run(helm.bin, ['plugin', 'update', 'lightrun-cert'], home);
        assert.is(updated.status, 0, updated.stderr);
        assert.match((await lightrunCert(helm, home, ['--version'])).stdout, '99.0.0');
      }, PREFIX));

  test('a plugin that is built already needs no npm', () =>
    withHelmHome(async (home) => {
      const bare = await pathWith(join(home.folder, 'bin'), 'no Node');
      await symlink(process.execPath, join(bare, 'node'));
      const withoutNpm = { ...home, env: { ...home.env, PATH: bare } };
      const installed = await installLinked(helm, withoutNpm);
      assert.is(installed.status, 0, installed.stderr);
      assert.is((await lightrunCert(helm, withoutNpm, ['lint', '-'], GOOD)).status, 0);
    }, PREFIX));

  for (const node of ['no Node', 'an old Node'] as const) {
    test(`with ${node}, installing and linting say in one line what is needed`, () =>
      withHelmHome(async (home) => {
        const path = await pathWith(join(home.folder, 'bin'), node);
        const poor = { ...home, env: { ...home.env, PATH: path } };

        const installed = await installLinked(helm, poor);
        assert.is(installed.status, 1);
        assert.is(linesNaming(installed, 'Node 20.19 or newer is needed'), 1, installed.stderr);

        const linted = await lightrunCert(helm, poor, ['lint', '-'], GOOD);
        assert.is(linted.status, 2);
        assert.is(linted.stdout, '');
        assert.is(linesNaming(linted, 'Node 20.19 or newer is needed'), 1, linted.stderr);
      }, PREFIX));
  }

  test('a plugin that is not built says how to build it', () =>
    withHelmHome(async (home) => {
      const checkout = join(home.folder, 'checkout');
      await copyCheckout(checkout, 'sources');
      const path = await pathWith(join(home.folder, 'bin'), 'no Node');
      await symlink(process.execPath, join(path, 'node'));
      const withoutNpm = { ...home, env: { ...home.env, PATH: path } };

      const installed = await run(helm.bin, ['plugin', 'install', checkout], withoutNpm);
      assert.is(installed.status, 1);
      assert.is(linesNaming(installed, 'npm is needed'), 1, installed.stderr);

      const linted = await lightrunCert(helm, home, ['lint', '-'], GOOD);
      assert.is(linted.status, 2);
      assert.is(linesNaming(linted, 'install-hook.sh'), 1, linted.stderr);
    }, PREFIX));

  tests.run();
}

/** Copies the built checkout into the home and installs that copy, which Helm links. */
async function installLinked(helm: Helm, home: HelmHome): Promise<Outcome> {
  const checkout = join(home.folder, 'checkout');
  await copyCheckout(checkout, 'built');
  await mkdir(join(home.folder, 'data'), { recursive: true });
  return run(helm.bin, ['plugin', 'install', checkout], home);
}

function lightrunCert(helm: Helm, home: HelmHome, args: string[], stdin = ''): Promise<Outcome> {
  return run(helm.bin, ['lightrun-cert', ...args], { env: home.env, cwd: home.folder, stdin });
}

function linesNaming({ stderr }: Outcome, text: string): number {
  return stderr.split('\n').filter((line) => line.includes(text)).length;
}
