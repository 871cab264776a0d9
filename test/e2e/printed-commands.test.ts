import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { printedForms, SHELLS, sampleOf, tryForm } from '../support/printed-commands.ts';
import { isWhole, sampled } from '../support/property.ts';

const test = suite('commands that findings print');

const all = sampleOf(await printedForms());
const ofEachRule = [...new Map(all.map((form) => [form.rule, form])).values()];

/** `npm run printed-commands` runs all of them, in each shell. */
for (const form of isWhole ? all : sampled(ofEachRule, 3)) {
  test(`${form.rule}: ${form.name}: ${form.commands.join('; ')}`, async () => {
    assert.equal(await tryForm(form, SHELLS[0] ?? 'sh'), []);
  });
}

const NAMES = [
  'my values.yaml',
  "it's.yaml",
  'a;touch pwned.yaml',
  '$(touch pwned).yaml',
  '`touch pwned`.yaml',
  '-f.yaml',
  'värde-値.yaml',
  '#a.yaml',
  '~.yaml',
  'a"b.yaml',
  '*.yaml',
  'a&b|c.yaml',
];

for (const [at, name] of NAMES.entries()) {
  test(`a file with the name ${name}`, async () => {
    const rules = sampled(['chain-order', 'chain-incomplete'], 2, at);
    const forms = await printedForms(name, rules);
    for (const rule of rules) {
      const form = forms.find((each) => each.rule === rule);
      assert.ok(form, rule);
      for (const shell of isWhole ? SHELLS : SHELLS.slice(0, 1))
        assert.equal(await tryForm(form, shell, name), [], `${shell}: ${form.commands}`);
    }
  });
}

test('a file whose name a terminal would act on gets no command', async () => {
  for (const name of ['a\nb.yaml', 'a\u001b[2J.yaml', 'a\u202e.yaml'])
    assert.equal(await printedForms(name, ['chain-order']), []);
});

test.run();
