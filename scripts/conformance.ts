// npm run conformance: the whole corpus of test/conformance/, every consumer that this machine has, and
// docs/conformance.md made from what came of it. --sample N takes some N cases, spread over all families, and writes
// nothing; --check writes nothing, and fails where the page lacks a family or a line.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { agreement, LAXER, STRICTER } from '../test/conformance/allowed.ts';
import type { LintResult } from '../test/conformance/checked.ts';
import { clientCases } from '../test/conformance/client-cases.ts';
import { corpus, sample } from '../test/conformance/corpus.ts';
import { startOracles } from '../test/conformance/oracles/index.ts';
import { differences, ofPackages, type RealCertificates, rootsOfNode } from '../test/conformance/real.ts';
import { OTHER_ANSWERS, rowAgreements } from '../test/conformance/rows.ts';
import { runCases, unexplained } from '../test/conformance/run.ts';
import { conformancePage, distinctPairs, fixedCells, type RealTally } from '../test/conformance/table.ts';
import { helms } from '../test/support/helms.ts';
import { run } from '../test/support/run.ts';

const PAGE = new URL('../docs/conformance.md', import.meta.url);
const LEAST_PAIRS = 5000;
/** Lines that explain what is left where Java and browsers cannot be asked. */
const WITHOUT_CLIENTS = new Set(['old-issuer-key', 'weak-issuer-key']);
/** Cases that are made at a time: each holds its files. */
const PART = 200;
const STALE = 'docs/conformance.md is stale: npm run conformance writes it';

async function tools(): Promise<string[]> {
  const short = (await helms()).map(({ bin }) => run(bin, ['version', '--template', '{{ .Version }}']));
  const versions = (await Promise.all(short)).map(({ stdout }) => `Helm ${stdout.trim().replace(/^v/, '')}`);
  const [major] = process.versions.node.split('.');
  const openssl = process.versions.openssl.split('.').slice(0, 2).join('.');
  return [...versions, `OpenSSL ${openssl} and the TLS clients of Node ${major}`];
}

function read({ source, ders }: RealCertificates): RealTally & { found: string[] } {
  const found = ders.map((der) => differences(der).join('; ')).filter((each) => each !== '');
  return {
    source,
    certificates: source.startsWith('Node') ? null : ders.length,
    differences: found.length,
    found: found.map((each) => `${source}: ${each}`),
  };
}

const { values: flags } = parseArgs({ options: { sample: { type: 'string' }, check: { type: 'boolean' } } });
const whole = [...corpus(), ...clientCases()];
const cases = flags.sample === undefined ? whole : sample(whole, Number(flags.sample));
const { running, missing } = await startOracles();
for (const { id, why } of missing) console.error(`missing: ${id}: ${why}`);
console.log(`${cases.length} cases`);
// GnuTLS is no consumer here.
const oracles = running.filter(({ consumer }) => consumer !== 'gnutls');
const results: LintResult[] = [];
try {
  for (let at = 0; at < cases.length; at += PART) {
    results.push(...(await runCases(cases.slice(at, at + PART), oracles)));
    console.log(`${results.length} of ${cases.length}`);
  }
} finally {
  await Promise.all(running.map((oracle) => oracle.stop()));
}

const faults = unexplained(results);
if (flags.sample === undefined) {
  const real = [rootsOfNode(), ...(await ofPackages())].map(read);
  const versions = oracles
    .filter(({ id }) => id !== 'openssl')
    .map(({ id, version }) => `${id} (${version})`);
  const page = conformancePage(results, real, [...(await tools()), ...versions]);
  console.log(`\n${page}`);
  const lines = [...STRICTER, ...LAXER, ...OTHER_ANSWERS].map(({ id }) => id);
  const used = new Set(
    results.flatMap((each) => [
      ...agreement(each).allowed,
      ...rowAgreements(each).flatMap(({ allowed }) => allowed),
    ]),
  );
  faults.push(...real.flatMap(({ found }) => found));
  // Without all consumers some differences do not show, and with them others do not.
  if (missing.length === 0) {
    const idle = lines.filter((id) => !used.has(id) && !WITHOUT_CLIENTS.has(id));
    faults.push(...idle.map((id) => `${id}: explains no case any more`));
  }
  if (distinctPairs(results) < LEAST_PAIRS) faults.push(`fewer than ${LEAST_PAIRS} different pairs`);
  if (!flags.check) writeFileSync(PAGE, page);
  else {
    const present = readFileSync(PAGE, 'utf8');
    if (fixedCells(whole).some((cells) => !present.includes(cells))) faults.push(STALE);
  }
}
for (const fault of faults) console.error(fault);
console.log(`${results.length} cases, ${faults.length} faults`);
process.exitCode = faults.length > 0 ? 1 : 0;
