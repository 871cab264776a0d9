import { type LintOptions, lint, type Outcome } from '../../src/lint/lint.ts';

/** Options as the command line gives them when no flag is set. */
export function lintOptions(changes: Partial<LintOptions> = {}): LintOptions {
  return {
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

/** Lints a text as `values.yaml`. */
export function lintText(text: string | Buffer, changes: Partial<LintOptions> = {}): Promise<Outcome> {
  return lint(Buffer.from(text), 'values.yaml', lintOptions(changes));
}

/** The findings as `rule` or, where the severity is not the rule's own, `rule=severity`, in order. */
export function rulesOf({ findings }: Outcome): string[] {
  return findings.map(({ rule, severity }) =>
    severity === rule.severity ? rule.id : `${rule.id}=${severity}`,
  );
}
