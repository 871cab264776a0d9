import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { textsOf } from '../../src/rules/documentation.ts';
import { RULES } from '../../src/rules/index.ts';
import { command } from '../support/command.ts';

test('explain: every rule in the list', async () => {
  const { status, stdout } = await command(['explain']);
  assert.is(status, 0);
  for (const { id } of RULES) assert.match(stdout, new RegExp(`^ {2}${id} `, 'm'));
});

test('explain RULE: the whole page', async () => {
  for (const rule of RULES) {
    const { id, severity } = rule;
    const { status, stdout } = await command(['explain', id]);
    assert.is(status, 0);
    assert.match(stdout, new RegExp(`^${id} \\(${severity}\\)`));
    assert.ok(stdout.includes(textsOf(rule).bad.split('\n')[0] ?? ''), id);
    for (const title of ['What it means', 'Why it matters', 'How to fix it', 'Sources'])
      assert.match(stdout, title);
  }
});

test('an unknown rule: the nearest one, and 2', async () => {
  const { status, stderr } = await command(['explain', 'chain-ordr']);
  assert.is(status, 2);
  assert.match(stderr, /there is no rule chain-ordr\n {2}Did you mean chain-order\?/);
});

test('more than one rule is a usage error', async () => {
  assert.is((await command(['explain', 'chain-order', 'chain-extra'])).status, 2);
});

test.run();
