import { isInUse } from '../clients/in-use.ts';
import { RULES } from '../rules/index.ts';
import type { CheckOptions, RawFinding, Rule, Severity } from '../rules/rule.ts';
import { contextOf } from '../rules/shared/needs.ts';
import type { Target } from '../rules/shared/target.ts';
import type { SettingName } from '../values/settings.ts';
import type { Location } from '../values/values.ts';

/** The severities that the user gave rules, by identifier. */
export type Severities = ReadonlyMap<string, Severity | 'off'>;

/** A finding with everything that a report says of it: plain data. */
export interface Finding {
  /** The rule's identifier. */
  rule: string;
  severity: Severity;
  message: string;
  help: string;
  /** Null where the value came from no file. */
  location: Location | null;
  /** Where it came from instead, if known, such as `--set certificate.tls.crt`. */
  origin: string | null;
  /** The whole path in the file; empty for the file as a whole. */
  path: readonly string[];
}

/**
 * Runs all rules over one target, in their order. A value in which a stopping rule found an error is not checked by
 * later rules; all other values are.
 */
export function checkTarget(target: Target, options: CheckOptions, severities: Severities): Finding[] {
  const findings: Finding[] = [];
  const stopped = new Set<SettingName>();
  const faulty = new Set<SettingName>();
  const context = contextOf(target, options);
  for (const rule of RULES) {
    const wanted = severities.get(rule.id) ?? null;
    if (wanted === 'off' && rule.stops !== 'always') continue;
    for (const group of rule.appliesTo) {
      if (group.some((name) => stopped.has(name))) continue;
      if (rule.onlyWhenClean && group.some((name) => faulty.has(name))) continue;
      for (const finding of rule.check(context, group)) {
        const severity = wanted ?? finding.severity ?? severityOf(rule, finding, target);
        const concerned = new Set([...group, finding.about]);
        if (rule.stops === 'always' || (rule.stops === 'error' && severity === 'error')) {
          for (const name of concerned) stopped.add(name);
        }
        if (severity === 'off') continue;
        if (severity === 'error') for (const name of concerned) faulty.add(name);
        findings.push(findingOf(rule, severity, finding, target));
      }
    }
    if (target.problem !== null) break;
  }
  return findings;
}

/** An error for which nobody in use refuses is a warning; where the rule says so. */
function severityOf(
  { severity, followsUse, ...rule }: Rule,
  finding: RawFinding,
  { settings }: Target,
): Severity {
  if (!followsUse || severity !== 'error') return severity;
  const refusedBy = finding.refusedBy ?? rule.refusedBy;
  return refusedBy.some((consumer) => isInUse(consumer, settings)) ? 'error' : 'warning';
}

function findingOf(rule: Rule, severity: Severity, finding: RawFinding, target: Target): Finding {
  const entry = target.settings[finding.about];
  const { message, help } = finding;
  const location = finding.location === undefined ? entry.location : finding.location;
  const origin = location === null ? (entry.origin ?? null) : null;
  return { rule: rule.id, severity, message, help, location, origin, path: finding.path ?? entry.path };
}
