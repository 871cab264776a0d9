import type { Outcome } from '../../src/lint/check.ts';
import { type LintOptions, lint } from '../../src/lint/lint.ts';
import { type Summary, summarize } from '../../src/lint/summary.ts';
import { RULES } from '../../src/rules/index.ts';

/** Options as the command line gives them when no flag is set. */
export function lintOptions(changes: Partial<LintOptions> = {}): LintOptions {
  return {
    invocation: { program: 'helm lightrun-cert', caFiles: [], caFileFlag: '--ca-file', kubectl: 'kubectl' },
    at: new Date(),
    expiresWithin: 30,
    host: null,
    partial: false,
    root: [],
    severities: new Map(),
    roots: null,
    readSecret: null,
    ...changes,
  };
}

/** Lints a string as `values.yaml`. */
export function lintText(text: string | Buffer, changes: Partial<LintOptions> = {}): Promise<Outcome> {
  return lint(Buffer.from(text), 'values.yaml', lintOptions(changes));
}

/** The same, as reports read it. */
export async function lintSummary(
  text: string | Buffer,
  changes: Partial<LintOptions> = {},
): Promise<Summary> {
  return summarize(await lintText(text, changes));
}

const SEVERITIES = new Map(RULES.map(({ id, severity }) => [id, severity]));

/** The findings as `rule` or, where the severity is not the rule's own, `rule=severity`, in order. */
export function rulesOf({ findings }: Pick<Outcome, 'findings'>): string[] {
  return findings.map(({ rule, severity }) =>
    severity === SEVERITIES.get(rule) ? rule : `${rule}=${severity}`,
  );
}
