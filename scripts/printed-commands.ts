// npm run printed-commands [-- WORD]: runs every command that findings print, in each shell that is here, and prints a
// table of them. Ends with 1 where one does not leave its finding gone. WORD takes only rules with it.
import { availableParallelism } from 'node:os';
import { type PrintedForm, printedForms, SHELLS, tryForm } from '../test/support/printed-commands.ts';

const [word = ''] = process.argv.slice(2);
let failed = 0;
const forms = (await printedForms()).filter(({ rule }) => rule.includes(word));
const waiting = [...forms];
console.log('| rule | form | commands | result |\n| --- | --- | --- | --- |');
await Promise.all(Array.from({ length: availableParallelism() }, tryWaiting));

async function tryWaiting(): Promise<void> {
  for (let form = waiting.shift(); form !== undefined; form = waiting.shift()) await tryOne(form);
}

async function tryOne(form: PrintedForm): Promise<void> {
  const wrong: string[] = [];
  for (const shell of SHELLS) {
    for (const each of await tryForm(form, shell)) wrong.push(`${shell}: ${each}`);
  }
  if (wrong.length > 0) failed += 1;
  const result = wrong.length === 0 ? 'gone' : wrong.join('; ').replace(/\s+/g, ' ');
  console.log(`| ${form.rule} | ${form.name} | \`${form.commands.join('; ')}\` | ${result} |`);
}

console.log(
  `\n${forms.length - failed} of ${forms.length} forms leave the finding gone, in ${SHELLS.join(', ')}.`,
);
process.exitCode = failed > 0 ? 1 : 0;
