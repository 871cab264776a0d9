import type { Input } from '../files/read.ts';
import { fixInput } from '../fix/fix-file.ts';
import { lintFix } from '../rules/shared/commands.ts';
import { editValues } from '../values/edit.ts';
import { readValues } from '../values/read.ts';
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
  const command = input.isSpecial ? null : lintFix(options.invocation, options.root, input.name);
  if (command === null) return [...outcomes];
  const { bytes } = await fixInput(input, options);
  if (bytes === input.bytes) return await withoutVainEdits(outcomes, input, options);
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

/**
 * The same for a file that cannot be read, where nothing else is known of the target.
 * @param outcome with the finding that says so
 */
export async function offerReadable(outcome: Outcome, input: Input, options: LintOptions): Promise<Outcome> {
  const [offered = outcome] = await offerFixOf([outcome], input, options, async ({ bytes, name }) =>
    (await readValues(bytes, name)).ok ? [{ ...outcome, findings: [] }] : [outcome],
  );
  return offered;
}

/** Takes back commands that edit the file where an anchor is shared, or a tag is in the path: that is refused. */
async function withoutVainEdits(
  outcomes: readonly Outcome[],
  { bytes, name }: Input,
  { root }: LintOptions,
): Promise<Outcome[]> {
  const isEdit = (command: string) => command.includes(' encode ');
  const hasEdit = outcomes.some(({ findings }) => findings.some(({ commands }) => commands.some(isEdit)));
  if (!hasEdit || !bytes.includes('*')) return [...outcomes];
  const edits = ['crt', 'key'].map((key) => ({ path: [...root, 'certificate', 'tls', key], text: EXAMPLE }));
  const edited = await Promise.all(edits.map((edit) => editValues(bytes, name, [edit])));
  if (edited.every(({ ok }) => ok)) return [...outcomes];
  return outcomes.map((outcome) => ({
    ...outcome,
    findings: outcome.findings.map((finding) =>
      finding.commands.some(isEdit) ? { ...finding, commands: [] } : finding,
    ),
  }));
}

/** The value of an edit that is only tried. */
const EXAMPLE = 'LS0tLQ==';
