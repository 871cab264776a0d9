import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ExportNamedDeclaration, parseSync, type TSSignature } from 'oxc-parser';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type LintError, type LintOptions, lint } from '../../src/library/library.ts';
import { CHAIN, inline, MISORDERED } from '../support/inline.ts';
import { chain, pkcs8 } from '../support/pki.ts';
import { ROOT } from '../support/plugin.ts';
import { CLEAN_ENV } from '../support/released.ts';
import { COMMAND, run } from '../support/run.ts';
import { pemYaml } from '../support/values-yaml.ts';

const test = suite('the library');

const AT = new Date();
const bytesOf = (text: string) => new TextEncoder().encode(text);
const file = (name: string, text: string) => ({ name, bytes: bytesOf(text) });

const PRIVATE = chain({ depth: 2 });
const FILES = [
  file('good.yaml', inline(CHAIN)),
  file('misordered.yaml', inline(MISORDERED)),
  file('existing.yaml', 'certificate:\n  existing_cert: lightrun-tls\n'),
  file('none.yaml', 'general: {}\n'),
  file('other.yaml', 'image: {tag: 1}\n'),
  file('broken.yaml', 'certificate: [\n'),
  file('incomplete.yaml', pemYaml(PRIVATE.leaf.pem, pkcs8(PRIVATE.leaf.privateKey))),
  file(
    'secret.yaml',
    'kind: Secret\ntype: kubernetes.io/tls\nmetadata: {name: a}\ndata: {tls.crt: eA==, tls.key: eA==}\n',
  ),
];

/** The library as it is packed, in a project of its own, beside the files that are linted. */
const project = await mkdtemp(join(tmpdir(), 'lightrun-cert-'));
const installed = join(project, 'node_modules', 'helm-lightrun-cert');
test.after(() => rm(project, { recursive: true, force: true }));
test.before(async () => {
  await mkdir(installed, { recursive: true });
  const pack = ['pack', '--ignore-scripts', '--silent', '--pack-destination', project];
  const packed = await run('npm', pack, { cwd: ROOT, env: CLEAN_ENV });
  assert.is(packed.status, 0, packed.stderr);
  const archive = join(project, packed.stdout.trim());
  const unpacked = await run('tar', ['-xzf', archive, '-C', installed, '--strip-components=1']);
  assert.is(unpacked.status, 0, unpacked.stderr);
  await writeFile(join(project, 'package.json'), '{ "type": "module" }');
  for (const { name, bytes } of FILES) await writeFile(join(project, name), bytes);
  await writeFile(join(project, 'root.crt'), PRIVATE.root.pem);
});

/** What the command prints, called as a command in the project. */
async function printed(args: readonly string[]) {
  const { HELM_PLUGIN_NAME: _, ...env } = CLEAN_ENV;
  const all = [COMMAND, 'lint', '--format', 'json', '--at', AT.toISOString(), ...args];
  const { stdout, stderr, status } = await run(process.execPath, all, { cwd: project, env });
  return { report: JSON.parse(stdout), stderr, status };
}

const PROGRAM = `
import { LintError, lint, type LintFile, type LintOptions, type Report } from 'helm-lightrun-cert';
declare const process: { argv: string[]; stdin: AsyncIterable<Uint8Array> };
declare const Buffer: { from(text: string, encoding: 'base64'): Uint8Array };
declare class TextDecoder { decode(bytes: Uint8Array): string }
declare const console: { log(text: string): void };

let text = '';
for await (const chunk of process.stdin) text += new TextDecoder().decode(chunk);
const given: { name: string; base64: string }[] = JSON.parse(text);
const files: LintFile[] = given.map(({ name, base64 }) => ({ name, bytes: Buffer.from(base64, 'base64') }));
const options: LintOptions = { at: new Date(process.argv[2] ?? '') };
// From here on there is no clock.
globalThis.Date = new Proxy(Date, {
  construct(target, args: readonly string[]) {
    if (args[0] === undefined) throw new Error('the clock was read');
    return new target(args[0]);
  },
});
Date.now = () => { throw new Error('the clock was read'); };

const report: Report = await lint(files, options);
const lines: (number | null)[] = report.targets.flatMap(({ findings }) => findings.map(({ line }) => line));
if (lines.length === 0) throw new Error('no findings');
console.log(JSON.stringify(report));
const error: unknown = await lint(files, { ...options, root: 'general' }).catch((reason: unknown) => reason);
if (!(error instanceof LintError) || error.report !== null) throw error;

// @ts-expect-error The time is not left to a clock.
export const timeless = () => lint(files, {});
// @ts-expect-error There is no such severity.
export const fatal = () => lint(files, { ...options, rules: { 'chain-order': 'fatal' } });
`;

test('is used by a strict TypeScript program, without the disk, processes or the clock', async () => {
  await writeFile(join(project, 'program.ts'), PROGRAM);
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const strict = ['--strict', '--noUncheckedIndexedAccess', '--exactOptionalPropertyTypes', '--types', ''];
  const how = ['--target', 'es2023', '--lib', 'es2023,esnext', '--module', 'nodenext', 'program.ts'];
  const compiled = await run(process.execPath, [tsc, ...strict, ...how], { cwd: project });
  assert.is(compiled.status, 0, compiled.stdout);

  const isOld = Number(process.versions.node.split('.')[0]) < 24;
  const permission = isOld ? '--experimental-permission' : '--permission';
  const allowed = [join(project, 'program.js'), join(project, 'package.json'), join(project, 'node_modules')];
  const flags = [permission, ...allowed.map((path) => `--allow-fs-read=${path}`)];
  const stdin = JSON.stringify(
    FILES.map(({ name, bytes }) => ({ name, base64: Buffer.from(bytes).toString('base64') })),
  );
  const env = { ...CLEAN_ENV, HELM_PLUGIN_NAME: 'lightrun-cert', HELM_KUBECONTEXT: 'elsewhere' };
  const ran = await run(process.execPath, [...flags, 'program.js', AT.toISOString()], {
    cwd: project,
    env,
    stdin,
  });
  assert.is(ran.status, 0, ran.stderr);
  assert.equal(JSON.parse(ran.stdout), (await printed(FILES.map(({ name }) => name))).report);
});

test('is used as docs/library.md shows', async () => {
  const page = await readFile(join(ROOT, 'docs', 'library.md'), 'utf8');
  const [, example = ''] = /```ts\n(.*?)```/s.exec(page) ?? [];
  const values = FILES.find(({ name }) => name === 'misordered.yaml');
  await writeFile(join(project, 'values.yaml'), values?.bytes ?? '');
  await writeFile(join(project, 'example.mjs'), example);
  const { status, stdout, stderr } = await run(process.execPath, ['example.mjs'], { cwd: project });
  assert.equal([status, stderr], [0, '']);
  assert.match(stdout, /^values\.yaml:3 chain-order: The certificates in /m);
});

const CASES: readonly [flags: readonly string[], options: Partial<LintOptions>][] = [
  [['--host', 'other.example.com'], { host: 'other.example.com' }],
  [['--root', 'lightrun'], { root: 'lightrun' }],
  [
    ['--rule', 'chain-order=warning', '--rule', 'source-missing=off'],
    { rules: { 'chain-order': 'warning', 'source-missing': 'off' } },
  ],
  [['--partial'], { partial: true }],
  [['--detect'], { detect: true }],
  [['--expires-within', '36500'], { expiresWithin: 36500 }],
  [['--ca-file', 'root.crt'], { caCertificates: [file('root.crt', PRIVATE.root.pem)] }],
];

for (const [flags, options] of CASES) {
  test(`gives what the command prints with ${flags.join(' ')}`, async () => {
    const names = ['good.yaml', 'misordered.yaml', 'none.yaml', 'incomplete.yaml', 'other.yaml'];
    const given = FILES.filter(({ name }) => names.includes(name));
    const { report } = await printed([...flags, ...given.map(({ name }) => name)]);
    assert.equal(await lint(given, { at: AT, ...options }), report);
    assert.not.equal(await lint(given, { at: AT }), report);
  });
}

test('fails where not all can be checked, with a report of what was, as the command ends with 2', async () => {
  const names = ['good.yaml', 'misordered.yaml', 'broken.yaml'];
  const { report, stderr, status } = await printed(['--rule', 'values-syntax=off', ...names]);
  assert.is(status, 2);
  const given = FILES.filter(({ name }) => names.includes(name));
  const error = await failureOf(lint(given, { at: AT, rules: { 'values-syntax': 'off' } }));
  assert.equal(error.report, report);
  assert.equal(
    error.diagnostics.map(({ name }) => name),
    ['broken.yaml'],
  );
  assert.is(stderr, `lightrun-cert: ${error.message}\n  ${error.help}\n`);
});

test('reads no file larger than 16 MiB', async () => {
  const most = Buffer.alloc(16 * 1024 * 1024, '#');
  most.write('certificate:\n  existing_cert: lightrun-tls\n');
  await lint([{ name: 'values.yaml', bytes: most }], { at: AT });
  const larger = Buffer.concat([most, Buffer.from('#')]);
  const files = [{ name: 'values.yaml', bytes: larger }];
  const error = await failureOf(lint(files, { at: AT }));
  assert.match(error.message, 'larger than 16 MiB');
  assert.is((await lint(files, { at: AT, detect: true })).summary.targets, 0);
});

const WRONG: readonly [options: LintOptions, message: string][] = [
  [{ at: new Date(Number.NaN) }, 'at is not a valid time'],
  [{ at: AT, host: 'https://x' }, '--host https://x is not a valid host name'],
  [{ at: AT, root: 'a..b' }, '--root a..b is not a valid path'],
  [{ at: AT, rules: { 'chain-oder': 'off' } }, 'there is no rule chain-oder'],
  [{ at: AT, expiresWithin: 0.5 }, '--expires-within 0.5 is not a valid number of days'],
  [{ at: AT, caCertificates: [file('ca.crt', 'x')] }, 'ca.crt holds no certificate'],
];

for (const [options, message] of WRONG) {
  test(`fails before it checks anything: ${message}`, async () => {
    const error = await failureOf(lint(FILES, options));
    assert.ok(error.message.includes(message), error.message);
    assert.equal([error.report, error.diagnostics], [null, []]);
    assert.ok(error.help);
  });
}

/** An object type of the declarations: which properties it has, and which of them it always has. */
function shapeOf(members: readonly TSSignature[]) {
  const properties = members.flatMap((each) =>
    each.type === 'TSPropertySignature' && each.key.type === 'Identifier'
      ? [{ name: each.key.name, isOptional: each.optional }]
      : [],
  );
  const names = (some: typeof properties) => some.map(({ name }) => name).sort();
  return { all: names(properties), required: names(properties.filter(({ isOptional }) => !isOptional)) };
}

test('its types have the properties of the schema, no more and no fewer', async () => {
  const text = await readFile(join(installed, 'dist', 'library.d.mts'), 'utf8');
  const declared = new Map<string, readonly TSSignature[]>();
  for (const statement of parseSync('library.d.mts', text).program.body) {
    const { declaration } = statement as ExportNamedDeclaration;
    if (declaration?.type === 'TSInterfaceDeclaration')
      declared.set(declaration.id.name, declaration.body.body);
  }
  const schema = JSON.parse(await readFile(join(installed, 'schema', 'report.schema.json'), 'utf8'));
  const { target, certificate, consumer, finding, related } = schema.definitions;
  const place = declared.get('ReportPlace') ?? [];
  for (const [name, described, inherited] of [
    ['Report', schema, []],
    ['ReportTarget', target, []],
    ['ReportCertificate', certificate, []],
    ['ReportConsumer', consumer, []],
    ['ReportFinding', finding, place],
    ['ReportPlace', related, []],
  ] as const) {
    const { all, required } = shapeOf([...(declared.get(name) ?? []), ...inherited]);
    assert.equal(all, Object.keys(described.properties).sort(), name);
    assert.equal(required, [...described.required].sort(), name);
  }
});

test('its declarations import nothing', async () => {
  const text = await readFile(join(installed, 'dist', 'library.d.mts'), 'utf8');
  assert.not.match(text, /\b(import|from|require)\b ?['"(]/);
});

async function failureOf(linted: Promise<unknown>): Promise<LintError> {
  const error = await linted.then(
    () => null,
    (reason) => reason,
  );
  assert.ok(error?.name === 'LintError', String(error));
  return error;
}

test.run();
