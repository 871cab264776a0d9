import { deploysSecrets, isSet, type SettingName } from '../values/settings.ts';
import { shapeProblems } from '../values/shape.ts';
import type { RawFinding, Rule } from './rule.ts';
import { measured } from './shared/sources.ts';
import { pathOf } from './shared/words.ts';

export const valuesType: Rule = {
  id: 'values-type',
  severity: 'error',
  stage: 'values',
  title: 'a value has a type that the chart cannot use',
  means:
    'certificate, certificate.tls, or a value under them is a number, a boolean, a list or a mapping where the chart needs something else. YAML makes numbers and booleans of unquoted digits, `yes`, `no`, `on` and `off`.',
  why: 'The chart fails to render, or writes something else than was meant into the manifests.',
  sources: [
    measured('`certificate.tls: null` without existing_cert ends in a nil pointer error'),
    measured('unquoted names become numbers or booleans, which Kubernetes refuses'),
  ],
  bad: 'certificate:\n  existing_cert: 20260101',
  good: 'certificate:\n  existing_cert: "lightrun-tls-2026"',
  fix: 'Put text in quotes, and give a mapping where one is needed.',
  appliesTo: [['certificate'], ['tls'], ['existingCert'], ['crt'], ['key'], ['pins']],
  stops: 'error',
  check(target, options, [name]) {
    const { settings } = target;
    const about = name as SettingName;
    const entry = settings[about];
    if (!entry.present) return [];
    // The chart takes an empty list, 0 or false for not set.
    if (about === 'existingCert' && !isSet(entry.value)) return [];
    const problem = shapeProblems(settings.certificate.value).find(({ setting }) => setting === about);
    if (problem === undefined) return [];
    if (about === 'tls' && entry.value === null) {
      const inlineIsMeant = !isSet(settings.existingCert.value) && deploysSecrets(settings);
      if (!inlineIsMeant || options.partial) return [];
    }
    const path = pathOf(target, about);
    const finding: RawFinding = {
      about,
      message: `${path} is ${describe(entry.value)}, but the chart needs ${problem.expected}. ${consequence(about, entry.value)}`,
      help: fix(path, about, entry.value),
    };
    return [finding];
  },
};

function describe(value: unknown): string {
  if (value === null) return 'null (nothing stands behind the colon)';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'string') return 'a text';
  if (typeof value === 'boolean')
    return `the boolean ${value} (unquoted yes, no, on, off, true and false are)`;
  return 'a number (unquoted digits are)';
}

function consequence(about: SettingName, value: unknown): string {
  if (about === 'certificate' || about === 'tls') {
    const cause = value === null ? 'nil pointer' : 'wrong type';
    return `On install, the chart would fail to render (${cause}).`;
  }
  if (about === 'pins')
    return 'On install, the backend would be given a list of pins that no certificate has.';
  if (about === 'existingCert')
    return 'On install, Kubernetes would refuse every pod that mounts the Secret.';
  return 'On install, Kubernetes would refuse the Secret made of it.';
}

function fix(path: string, about: SettingName, value: unknown): string {
  if (typeof value === 'string' && /^[\w.-]+:\S/.test(value))
    return `Put a space behind the colon: without one, YAML reads no key under ${path} but a text.`;
  if (about === 'certificate') return `Write a mapping with existing_cert, or with tls, under ${path}.`;
  if (about === 'tls') return `Write crt and key under ${path}, or set existing_cert next to it.`;
  if (about === 'pins') return `Write ${path} as a list of texts in quotes, or take it out.`;
  if (typeof value === 'object') return `Write ${path} as one text on one line.`;
  return `Put the value of ${path} in quotes, if that is what was meant.`;
}
