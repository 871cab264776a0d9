// npm run consumers -- FILE.yaml…: what the real consumers say of the pairs in values files. Clients trust what is in
// the file of the same name that ends in .ca.pem, or in --ca-file; --host and --at as for lint.
import { parseArgs } from 'node:util';
import { startOracles } from '../test/conformance/oracles/index.ts';
import { pairOf, tableOf } from '../test/conformance/oracles/table.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'ca-file': { type: 'string' }, host: { type: 'string' }, at: { type: 'string' } },
});
const { running, missing } = await startOracles(values.at ? new Date(values.at) : undefined);
for (const { id, why } of missing) console.error(`missing: ${id}: ${why}`);
try {
  const pairFor = (file: string) => pairOf(file, values['ca-file'] ?? null, values.host ?? null);
  console.log(await tableOf(running, positionals, pairFor));
} finally {
  await Promise.all(running.map((oracle) => oracle.stop()));
}
