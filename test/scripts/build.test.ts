import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { bundleAll } from '../../scripts/build.mjs';
import { EXISTING_CERT_VALUES } from '../../scripts/example.mjs';
import { chainOrder } from '../../src/rules/chain-order.ts';
import { textsOf } from '../../src/rules/documentation.ts';
import { CHAIN, inline } from '../support/inline.ts';
import { COMMAND, run } from '../support/run.ts';

const GENERATE = ['generate', '--host', 'lightrun.example.com', '--key', 'ec256', '--print'];

test('pkijs is in the file of generate only, and nothing of the commands is in there', async () => {
  const { pkijs = [], ...others } = (await bundleAll()).program.inputs;
  assert.ok(pkijs.includes('node_modules/pkijs/build/index.js'));
  const all = Object.values(others).flat();
  assert.not.ok(all.some((file) => /node_modules\/(pkijs|bytestreamjs|@noble)\//.test(file)));
  assert.not.ok(pkijs.some((file) => /^src\/(commands|errors|lint|options|rules)/.test(file)));
});

test('each module is in one file, so that a class is the same everywhere', async () => {
  const all = Object.values((await bundleAll()).program.inputs).flat();
  assert.equal(
    all.filter((file, at) => all.indexOf(file) < at),
    [],
  );
});

test('lint of plain values loads one file, with certificates two, and neither holds what people read about rules', async () => {
  const { files, inputs } = (await bundleAll()).program;
  const text = (name: string) => files.find(({ path }) => path.endsWith(`/${name}.cjs`))?.contents ?? '';
  const { means, why } = textsOf(chainOrder);
  for (const part of [means, why].map((each) => each.slice(0, 40))) {
    assert.ok(text('documentation').includes(part));
    assert.not.ok(['main', 'certificates', 'gate', 'other'].some((name) => text(name).includes(part)));
  }
  assert.ok(inputs.main?.includes('src/rules/chain-order.ts'));
  const loaded = async (stdin: string) => {
    const trace = { NODE_OPTIONS: '', NODE_V8_COVERAGE: await mkdtemp(join(tmpdir(), 'lightrun-cert-')) };
    try {
      await run(process.execPath, [COMMAND, 'lint', '-'], { stdin, env: { ...process.env, ...trace } });
      const reports = await readdir(trace.NODE_V8_COVERAGE);
      const report = await readFile(join(trace.NODE_V8_COVERAGE, String(reports[0])), 'utf8');
      return ['main', 'certificates', 'gate', 'yaml', 'documentation', 'other', 'pkijs'].filter((name) =>
        report.includes(`/dist/${name}.cjs"`),
      );
    } finally {
      await rm(trace.NODE_V8_COVERAGE, { recursive: true });
    }
  };
  assert.equal(await loaded(EXISTING_CERT_VALUES), ['main']);
  assert.equal(await loaded(inline(CHAIN)), ['main', 'certificates']);
});

test('the gate has a file of its own, and asks Helm before it loads the rules and what reads certificates', async () => {
  const { inputs, metafile } = (await bundleAll()).program;
  assert.ok(inputs.gate?.includes('src/helm/probe.ts'));
  const gate = Object.values(metafile.outputs).find(
    ({ entryPoint }) => entryPoint === 'src/commands/gate.ts',
  );
  const first = new Set([gate]);
  for (const output of first) {
    for (const { path, kind } of output?.imports ?? [])
      if (kind === 'import-statement') first.add(metafile.outputs[path]);
  }
  const sources = [...first].flatMap((output) => Object.keys(output?.inputs ?? {}));
  assert.ok(sources.includes('src/helm/probe.ts'));
  assert.equal(
    sources.filter((file) => /^src\/(rules\/(index|chain-order)|x509\/material|lint\/lint)\.ts$/.test(file)),
    [],
  );
});

test('lint loads what reads certificates only where there is one, and slow parts of Node only where needed', async () => {
  const { inputs } = (await bundleAll()).program.metafile;
  const loadedBy = (...files: string[]): readonly string[] => {
    const loaded = new Set(files);
    for (const file of loaded) {
      for (const { path, kind } of inputs[file]?.imports ?? [])
        if (kind === 'import-statement') loaded.add(path);
    }
    return [...loaded];
  };
  const always = loadedBy('src/bin.ts', 'src/commands/lint.ts');
  const withCertificates = loadedBy('src/x509/material.ts', 'src/x509/roots.ts', 'src/clients/clients.ts');
  assert.ok(always.includes('src/rules/chain-order.ts'));
  const certificates = /asn1js|^node:crypto$|^src\/x509\/(asn1|certificate)\.ts$|^src\/clients\/clients\.ts$/;
  assert.ok(withCertificates.some((file) => certificates.test(file)));
  assert.equal(
    always.filter((file) => certificates.test(file)),
    [],
  );
  const slow = /^node_modules\/yaml\/|^node:(child_process|http|net|stream|tls|url|worker_threads|zlib)$/;
  assert.equal(
    [...always, ...withCertificates].filter((file) => slow.test(file)),
    [],
  );
});

test('without that file, lint works as before and generate does not', async () => {
  const dist = await mkdtemp(join(tmpdir(), 'lightrun-cert-'));
  try {
    await cp(dirname(COMMAND), dist, { recursive: true });
    const command = join(dist, 'lightrun-cert.cjs');
    const start = (args: readonly string[], stdin = '') =>
      run(process.execPath, [command, ...args], { stdin });
    assert.is((await start(GENERATE)).status, 0);

    await rm(join(dist, 'pkijs.cjs'));
    const { status, stdout } = await start(['lint', '-'], inline(CHAIN));
    assert.is(status, 0, stdout);
    assert.match(stdout, '  ok');
    const generated = await start(GENERATE);
    assert.equal([generated.status, generated.stdout], [2, '']);
  } finally {
    await rm(dist, { recursive: true });
  }
});

test.run();
