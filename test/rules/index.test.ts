import { readdirSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { textsOf } from '../../src/rules/documentation.ts';
import { RULES } from '../../src/rules/index.ts';

test('every rule says all that its page needs', () => {
  for (const rule of RULES) {
    const texts = { title: rule.title, ...textsOf(rule) };
    for (const part of ['title', 'means', 'why', 'bad', 'good', 'fix'] as const) {
      assert.ok(texts[part].length > 0, `${rule.id}: ${part}`);
    }
    assert.ok(texts.sources.length > 0, `${rule.id} has no source`);
    assert.not.match(rule.title, /\.$/, rule.id);
    assert.not.match(JSON.stringify(rule), /TODO/, rule.id);
  }
});

test('a rule is in the file of its own name, once in the index', () => {
  const files = readdirSync(new URL('../../src/rules', import.meta.url));
  const ids = RULES.map(({ id }) => id);
  assert.is(new Set(ids).size, ids.length);
  for (const id of ids) assert.ok(files.includes(`${id}.ts`), id);
});

test('the stages follow each other', () => {
  const stages = [...new Set(RULES.map(({ stage }) => stage))];
  assert.equal(stages, [
    'values',
    'base64',
    'pem',
    'private key',
    'certificate',
    'chain',
    'pair and platform',
    'upgrade',
    'cluster',
  ]);
  const order = RULES.map(({ stage }) => stages.indexOf(stage));
  assert.equal(
    order,
    [...order].sort((a, b) => a - b),
  );
});

test.run();
