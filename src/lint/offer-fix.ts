import type { Input } from '../files/read.ts';
import { fixInput } from '../fix/fix-file.ts';
import { lintFix } from '../rules/shared/commands.ts';
import { type Finding, isAmong, type Outcome } from './check.ts';
import { lintInput } from './input.ts';
import type { LintOptions } from './lint.ts';

/**
 * Puts `lint --fix` in place of the commands of those findings that it leaves gone. It is tried on a copy in memory and
 * linted again, so it is never offered in vain.
 * @param outcomes what was found in the file
 * @param input the file that was linted
 */
export async function offerFix(
  outcomes: readonly Outcome[],
  input: Input,
  options: LintOptions,
): Promise<Outcome[]> {
  const after = async (fixed: Input) => await lintInput(fixed, options);
  return offerFixOf(outcomes, input, options, after);
}

/**
 * The same for targets that the file is only a part of.
 * @param after what is found in the targets with this text in place of the file's
 */
export async function offerFixOf(
  outcomes: readonly Outcome[],
  input: Input,
  options: LintOptions,
  after: (fixed: Input) => Promise<readonly Outcome[]>,
): Promise<Outcome[]> {
  const command = lintFix(options.invocation, options.root, input.name);
  if (command === null) return [...outcomes];
  const { bytes } = await fixInput(input, options);
  if (bytes === input.bytes) return [...outcomes];
  const fixed = await after({ ...input, bytes });
  return outcomes.map((outcome, index) => {
    const left = fixed[index]?.findings;
    const isInFile = ({ location, related }: Finding) =>
      [location, ...related.map((each) => each.location)].every((each) => each?.file === input.name);
    const isGone = (finding: Finding) => left !== undefined && isInFile(finding) && !isAmong(finding, left);
    const offered = (finding: Finding) => (isGone(finding) ? { ...finding, commands: [command] } : finding);
    return { ...outcome, findings: outcome.findings.map(offered) };
  });
}
