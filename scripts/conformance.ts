// npm run conformance: the whole corpus of test/conformance/, and docs/conformance.md again from the results. With
// --check it writes nothing, and fails where the page is stale.
import { readFileSync, writeFileSync } from 'node:fs';
import { agreement, LAXER, STRICTER } from '../test/conformance/allowed.ts';
import { corpus } from '../test/conformance/corpus.ts';
import { differences, ofPackages, type RealCertificates, rootsOfNode } from '../test/conformance/real.ts';
import { runCases, unexplained } from '../test/conformance/run.ts';
import { conformancePage, distinctPairs, type RealTally } from '../test/conformance/table.ts';
import { helms } from '../test/support/helms.ts';
import { run } from '../test/support/run.ts';

const PAGE = new URL('../docs/conformance.md', import.meta.url);
const LEAST_PAIRS = 2000;
const STALE = 'docs/conformance.md is stale: npm run conformance writes it again';

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

const cases = corpus();
console.log(`${cases.length} cases`);
const results = await runCases(cases);
const real = [rootsOfNode(), ...(await ofPackages())].map(read);

const page = conformancePage(results, real, await tools());
console.log(`\n${page}`);
const used = new Set(results.flatMap((each) => agreement(each).allowed));
const unused = [...STRICTER, ...LAXER].map(({ id }) => id).filter((id) => !used.has(id));
const failures = [
  ...unexplained(results),
  ...real.flatMap(({ found }) => found),
  ...unused.map((id) => `${id}: explains no case any more`),
];
if (distinctPairs(results) < LEAST_PAIRS) failures.push(`fewer than ${LEAST_PAIRS} different pairs`);
if (!process.argv.includes('--check')) writeFileSync(PAGE, page);
else if (readFileSync(PAGE, 'utf8') !== page) failures.push(STALE);
for (const failure of failures) console.error(failure);
console.log(`${results.length} cases, ${failures.length} failures`);
process.exitCode = failures.length > 0 ? 1 : 0;
