import { fix } from '../fix/fix.ts';
import { fixSecret, ownerAdvice } from '../rules/shared/commands.ts';
import type { Trust } from '../x509/chain/chain.ts';
import { checkTarget, type Finding, isAmong, type Outcome } from './check.ts';
import { withSecret } from './target.ts';

type Options = Parameters<typeof checkTarget>[1] & Trust;

/**
 * Puts a pipe that reads, fixes and replaces the live Secret in place of the commands of those findings that it leaves
 * gone, tried like `offerFix`. Where somebody would write the Secret over again no command helps, and each finding says
 * what to change instead.
 */
export async function offerSecretFix(outcome: Outcome, options: Options): Promise<Outcome> {
  const { target } = outcome;
  const { live } = target;
  if (live?.found == null) return outcome;
  const advice = ownerAdvice(live);
  if (advice !== null) {
    const advised = (finding: Finding) =>
      isInSecret(finding) ? { ...finding, help: `${finding.help}\n${advice}`, commands: [] } : finding;
    return { ...outcome, findings: outcome.findings.map(advised) };
  }
  const command = fixSecret(live, options.invocation);
  const { crt, key } = fix(live.found.crt, live.found.key, options);
  if (command === null || (crt ?? key) === null) return outcome;
  const found = { ...live.found, crt: crt ?? live.found.crt, key: key ?? live.found.key };
  const after = checkTarget(await withSecret(target, { ...live, found }, options), options);
  const offered = (finding: Finding) =>
    isInSecret(finding) && !isAmong(finding, after.findings) ? { ...finding, commands: [command] } : finding;
  return { ...outcome, findings: outcome.findings.map(offered) };
}

function isInSecret({ path, rule }: Finding): boolean {
  return path[0] === 'data' || rule === 'secret-type';
}
