import { RULES } from '../rules/index.ts';
import type { CheckOptions, RawFinding, Rule, Severity } from '../rules/rule.ts';
import type { Target } from '../rules/shared/target.ts';
import type { SettingName } from '../values/settings.ts';
import type { Location } from '../values/values.ts';

/** What the user said of rules' severities, by identifier. */
export type Severities = ReadonlyMap<string, Severity | 'off'>;

/** A finding with everything that a report says of it. */
export interface Finding {
  rule: Rule;
  severity: Severity;
  message: string;
  help: string;
  /** Null where the value came from no file. */
  location: Location | null;
  /** Where it came from then, for people, as far as that is known: such as `--set certificate.tls.crt`. */
  origin: string | null;
  /** The whole path in the file; empty for the file as a whole. */
  path: readonly string[];
}

/**
 * Judges one target by all rules, in their order. A value about which a stopping rule found an error is not
 * judged further; everything else is.
 */
export function checkTarget(target: Target, options: CheckOptions, severities: Severities): Finding[] {
  const findings: Finding[] = [];
  const stopped = new Set<SettingName>();
  const faulty = new Set<SettingName>();
  for (const rule of RULES) {
    const wanted = severities.get(rule.id) ?? null;
    if (wanted === 'off' && rule.stops !== 'always') continue;
    for (const group of rule.appliesTo) {
      if (group.some((name) => stopped.has(name))) continue;
      if (rule.onlyWhenClean && group.some((name) => faulty.has(name))) continue;
      for (const finding of rule.check(target, options, group)) {
        const severity = wanted ?? finding.severity ?? rule.severity;
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

function findingOf(rule: Rule, severity: Severity, finding: RawFinding, target: Target): Finding {
  const entry = target.settings[finding.about];
  const { message, help } = finding;
  const location = finding.location === undefined ? entry.location : finding.location;
  const origin = location === null ? (entry.origin ?? null) : null;
  return { rule, severity, message, help, location, origin, path: finding.path ?? entry.path };
}
