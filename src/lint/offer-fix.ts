import { fixedBytes } from '../fix/fix-file.ts';
import { lintFix } from '../rules/shared/commands.ts';
import { type Finding, identityOf, type Outcome } from './check.ts';
import { type LintOptions, lint } from './lint.ts';

/**
 * Puts `lint --fix` in place of the commands of those findings that it leaves gone. It is tried on a copy in memory and
 * linted again, so it is never offered in vain.
 * @param bytes of the file that was linted
 */
export async function offerFix(outcome: Outcome, bytes: Buffer, options: LintOptions): Promise<Outcome> {
  const { name } = outcome.target;
  const command = lintFix(options.invocation, options.root, name);
  const fixed = command === null ? bytes : await fixedBytes({ bytes, name }, options);
  if (command === null || fixed === bytes) return outcome;
  const after = await lint(fixed, name, options);
  const left = new Set(after.findings.map(identityOf));
  const offered = (finding: Finding) =>
    left.has(identityOf(finding)) ? finding : { ...finding, commands: [command] };
  return { ...outcome, findings: outcome.findings.map(offered) };
}
