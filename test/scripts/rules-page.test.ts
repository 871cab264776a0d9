import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { completionPage } from '../../scripts/completion-page.ts';
import { consumersPage } from '../../scripts/consumers-page.ts';
import { rulesPage } from '../../scripts/rules-page.ts';

test('docs/rules.md is what npm run docs makes of the rules', () => {
  assert.is(readFileSync(new URL('../../docs/rules.md', import.meta.url), 'utf8'), rulesPage());
});

test('docs/consumers.md is what npm run docs makes of the clients', () => {
  assert.is(readFileSync(new URL('../../docs/consumers.md', import.meta.url), 'utf8'), consumersPage());
});

test('completion.yaml is what npm run docs makes of the commands', async () => {
  assert.is(readFileSync(new URL('../../completion.yaml', import.meta.url), 'utf8'), await completionPage());
});

test.run();
