/**
 * Findings compared with reality, in a short form: some cases of each family of the corpus, and pairs of the rules'
 * tests, are given to those that consume them. Where one refuses, there has to be an error; where all accept, there
 * is none, unless a line of test/conformance/allowed.ts says why; and the table of consumers says the same.
 * `npm run conformance` runs the whole corpus, with Java, Go and browsers too.
 */
import { readFile } from 'node:fs/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { agreement, LAXER, STRICTER } from './conformance/allowed.ts';
import { type Case, CLIENT_FAMILIES, FAMILIES, RULE_PAIRS } from './conformance/case.ts';
import { clientCases } from './conformance/client-cases.ts';
import { corpus, sample } from './conformance/corpus.ts';
import { differences, rootsOfNode } from './conformance/real.ts';
import { OTHER_ANSWERS, rowAgreements } from './conformance/rows.ts';
import { runCases, unexplained } from './conformance/run.ts';
import { fixedCells } from './conformance/table.ts';
import { isWhole, sampled } from './support/property.ts';

const CASES = isWhole ? 45 : 20;
const cases = [...corpus(), ...clientCases()];
const [pairs, others] = [true, false].map((isOfRules) =>
  sample(cases, CASES).filter(({ family }) => (family === RULE_PAIRS) === isOfRules),
) as [Case[], Case[]];
const results = await runCases([...others, ...sampled(pairs, 2)]);

for (const family of [...FAMILIES, ...CLIENT_FAMILIES]) {
  const own = results.filter((each) => each.family === family);
  test(`${family}: an error where a consumer refuses, and only there`, () => {
    assert.ok(own.length > 1);
    assert.equal(unexplained(own), []);
  });
}

test('the table of consumers is compared in the sample too', () => {
  const rows = new Set(results.flatMap((each) => rowAgreements(each).map(({ row }) => row)));
  assert.equal([...rows].sort(), ['helm', 'kubernetes', 'nginx', 'openssl']);
});

test('the sample has cases of every kind', () => {
  const kinds = new Set(results.map((each) => agreement(each).kind));
  assert.equal([...kinds].sort(), ['both accept', 'both refuse', 'laxer', 'stricter']);
});

test('the corpus has thousands of cases, each with a name of its own', () => {
  assert.ok(cases.length > 6000);
  assert.is(new Set(cases.map(({ family, name }) => `${family}: ${name}`)).size, cases.length);
});

test('the allowed disagreements have names of their own', () => {
  const ids = [...STRICTER, ...LAXER, ...OTHER_ANSWERS].map(({ id }) => id);
  assert.equal([...new Set(ids)], ids);
});

test('the page has the corpus and the allowed disagreements as they are', async () => {
  const page = await readFile(new URL('../docs/conformance.md', import.meta.url), 'utf8');
  assert.equal(
    fixedCells(cases).filter((cells) => !page.includes(cells)),
    [],
    'run npm run conformance',
  );
});

test("Node's public roots are read as OpenSSL reads them", () => {
  const { ders } = rootsOfNode();
  assert.ok(ders.length > 50);
  assert.equal(ders.flatMap(differences), []);
  assert.equal(ders.map((der) => der.subarray(0, -1)).flatMap(differences), []);
});

test.run();
