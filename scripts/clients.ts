// npm run clients [WORD]: every case of the corpus, or those of families with that word, linted and given to all real
// clients of this machine; then each disagreement that no allowed line explains. Writes nothing.
import { CLIENT_FAMILIES, FAMILIES } from '../test/conformance/case.ts';
import { clientCases } from '../test/conformance/client-cases.ts';
import { corpus } from '../test/conformance/corpus.ts';
import { startOracles } from '../test/conformance/oracles/index.ts';
import { runCases, unexplained } from '../test/conformance/run.ts';

const [word = ''] = process.argv.slice(2);
const families = [...FAMILIES, ...CLIENT_FAMILIES].filter((family) => family.includes(word));
const { running, missing } = await startOracles();
for (const { id, why } of missing) console.error(`missing: ${id}: ${why}`);
for (const { id, version } of running) console.log(`${id}: ${version}`);
try {
  const cases = [...corpus(), ...clientCases()].filter(({ family }) => families.includes(family));
  const oracles = running.filter(({ consumer }) => consumer !== 'gnutls');
  const disagreements = unexplained(await runCases(cases, oracles));
  console.log(`\n${disagreements.join('\n')}\n${cases.length} cases, ${disagreements.length} disagreements`);
} finally {
  await Promise.all(running.map((oracle) => oracle.stop()));
}
