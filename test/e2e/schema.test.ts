import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { writeChart } from '../support/chart.ts';
import { forEachHelm, withHelmHome } from '../support/helms.ts';
import { diagnose } from '../support/language-server.ts';
import { chain, pkcs8 } from '../support/pki.ts';
import { ROOT } from '../support/plugin.ts';
import { run } from '../support/run.ts';

const test = suite('the schema of values, for charts and editors');

const FILE = join(ROOT, 'schema', 'values.schema.json');
const encode = (text: string) => Buffer.from(text).toString('base64');
const { leaf, pem } = chain();
const KEY = encode(pkcs8(leaf.privateKey));
const CRT = encode(pem);
const TLS = `  tls:\n    crt: ${CRT}\n    key: ${KEY}\n`;

/** Values, and whether a chart with the schema takes them; and one that says that a certificate must be given. */
const CASES: readonly [what: string, values: string, isTaken: boolean, isGiven: boolean][] = [
  ['inline', `certificate:\n${TLS}`, true, true],
  ['an existing Secret', 'certificate:\n  existing_cert: my-tls\n', true, true],
  [
    'an existing Secret beside empty values',
    'certificate: {existing_cert: my-tls, tls: {crt: "", key: ""}}\n',
    true,
    true,
  ],
  ['both', `certificate:\n  existing_cert: my-tls\n${TLS}`, false, false],
  [
    'an existing Secret and a key alone',
    `certificate: {existing_cert: my-tls, tls: {key: ${KEY}}}\n`,
    false,
    false,
  ],
  ['neither', '{}\n', true, false],
  ['a list for the key', `certificate: {tls: {crt: ${CRT}, key: [${KEY}]}}\n`, false, false],
  ['a string for the pair', `certificate: {tls: ${KEY}}\n`, false, false],
  ['a number', 'certificate: {existing_cert: 17}\n', false, false],
];

await forEachHelm(test, ({ name, bin }, test) => {
  test(`as a chart's values.schema.json in ${name}: install refuses, and prints no value`, () =>
    withHelmHome(async ({ folder, env }) => {
      const schema = JSON.parse(await readFile(FILE, 'utf8'));
      for (const mandatory of [false, true]) {
        const chart = join(folder, String(mandatory));
        await writeChart(chart);
        const own = mandatory ? { ...schema, allOf: [{ $ref: '#/definitions/given' }] } : schema;
        await writeFile(join(chart, 'values.schema.json'), JSON.stringify(own));
        for (const [what, values, isTaken, isGiven] of CASES) {
          await writeFile(join(folder, 'values.yaml'), values);
          const { status, stdout, stderr } = await run(
            bin,
            ['template', 'x', chart, '-f', join(folder, 'values.yaml')],
            { env },
          );
          const expected = mandatory ? isGiven : isTaken;
          assert.is(status === 0, expected, `${what}: ${stderr}`);
          if (expected) continue;
          assert.match(stderr, "values don't meet the specifications of the schema", what);
          for (const secret of [KEY, CRT]) {
            for (let at = 0; at + 12 <= secret.length; at += 12) {
              assert.not.ok(
                (stdout + stderr).includes(secret.slice(at, at + 12)),
                `${what}: a value was printed`,
              );
            }
          }
        }
      }
    }));
});

test('in an editor, by the language server for YAML: the line that names the schema is enough', () =>
  withHelmHome(async ({ folder }) => {
    const head = `# yaml-language-server: $schema=${FILE}\n`;
    const linesOf = async (values: string) =>
      (await diagnose(join(folder, 'values.yaml'), head + values)).map(({ line }) => line);
    assert.equal(await linesOf(`certificate:\n${TLS}`), []);
    assert.equal(await linesOf('certificate:\n  existing_cert: my-tls\n'), []);
    assert.equal(await linesOf('certificate:\n  existing_cert: 17\n'), [2]);
    assert.equal(await linesOf('certificate:\n  tls:\n    crt: [1]\n'), [3]);
    assert.ok((await linesOf(`certificate:\n  existing_cert: my-tls\n${TLS}`)).length > 0);
  }));

test.run();
