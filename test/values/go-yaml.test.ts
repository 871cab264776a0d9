import { ok, strictEqual } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import { readValues } from '../../src/values/read.ts';
import { LONG_EDGES } from './edges.ts';
import { differenceFrom, RECORD, type Readings, recordedInputs } from './go-yaml.ts';

type Recorded = ({ text: string } & Readings) | { name: string; isRead: boolean };
const RECORDED = readFileSync(RECORD, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Recorded);

test('the record is of these inputs; else npm run yaml -- --record', () => {
  const inputs = recordedInputs().map(({ name, text }) => name ?? text);
  strictEqual(
    JSON.stringify(RECORDED.map((each) => ('name' in each ? each.name : each.text))),
    JSON.stringify(inputs),
  );
});

for (const each of RECORDED) {
  if ('name' in each) {
    test(`accepts what go-yaml accepts: ${each.name}`, async () => {
      const file = await readValues(Buffer.from(LONG_EDGES[each.name] as string), 'values.yaml');
      // What is only too deep for this program is not said to be refused by Helm.
      if (each.isRead) ok(file.ok || !file.diagnostic.byHelm, file.ok ? '' : file.diagnostic.reason);
      else strictEqual(file.ok, false);
    });
  } else {
    test(`reads as go-yaml does: ${JSON.stringify(each.text.slice(0, 60))}`, async () => {
      const difference = await differenceFrom(each, each.text);
      strictEqual(difference && `${difference.kind}: ${difference.detail}`, null);
    });
  }
}

test.run();
