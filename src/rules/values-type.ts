import { deploysSecrets, isSet, type SettingName } from '../values/settings.ts';
import { typeMismatches } from '../values/shape.ts';
import { rule } from './rule.ts';
import { byMistake, subject, valuesOf } from './shared/alike.ts';
import { encodeOwn } from './shared/commands.ts';
import { ofValues } from './shared/needs.ts';
import { measured } from './shared/sources.ts';

export const valuesType = rule({
  id: 'values-type',
  severity: 'error',
  refusedBy: ['helm', 'kubernetes'],
  stage: 'values',
  title: 'a value has a type that the chart cannot use',
  means:
    'general.deploy_secrets is true, or certificate, certificate.tls, or a value under them is a number, a boolean, a list or a mapping where the chart needs something else. YAML makes numbers and booleans of unquoted digits, `yes`, `no`, `on` and `off`.',
  why: 'The chart fails to render, or writes something other than what was meant into the manifests.',
  sources: [
    measured('`certificate.tls: null` without existing_cert ends in a nil pointer error'),
    measured('`general.deploy_secrets: true`, which is documented, does not render'),
    measured('unquoted names become numbers or booleans, which Kubernetes refuses'),
  ],
  bad: 'certificate:\n  existing_cert: 20260101',
  good: 'certificate:\n  existing_cert: "lightrun-tls-2026"',
  fix: 'Put strings in quotes, and give a mapping where one is needed.',
  stops: 'error',
  needs: ofValues('certificate', 'tls', 'existingCert', 'crt', 'key', 'pins', 'deploySecrets'),
  check({ entries, target, options, ...context }) {
    const { settings } = target;
    const mismatches = typeMismatches(settings.certificate.value);
    const found = entries.flatMap(({ about, entry }) => {
      const { value } = entry;
      const mismatch = mismatches.find(({ setting }) => setting === about);
      // The chart takes an empty list, 0 or false for not set.
      if (mismatch === undefined || !entry.present || (about === 'existingCert' && !isSet(value))) return [];
      if (about === 'tls' && value === null) {
        const isInlineMeant = !isSet(settings.existingCert.value) && deploysSecrets(settings);
        if (!isInlineMeant || options.partial) return [];
      }
      return { about, value, expected: mismatch.expected };
    });
    const mistakeOf = ({ about, value }: (typeof found)[number]) =>
      about === 'crt' || about === 'key' ? describe(value) : about;
    return [
      ...byMistake(found, mistakeOf).map((alike) => {
        const [{ about, value, expected }] = alike;
        return {
          ...valuesOf(alike),
          message: `${subject(context, alike, 'is', 'are each')} ${describe(value)}, but the chart needs ${expected}. ${consequence(about, value)}`,
          help: fix(alike.map((each) => context.path(each.about)).join(' and '), about, value),
          commands:
            about === 'crt' || about === 'key'
              ? encodeOwn({ ...context, target, options }, ...alike.map((each) => each.about))
              : [],
        };
      }),
      ...entries
        .filter(({ about, entry }) => about === 'deploySecrets' && entry.value === true)
        .map(({ about }) => ({
          about,
          message: `${context.path(about)} is true, but the chart reads ${context.path('deploySecretsEnabled')}. On install, the chart would fail to render.`,
          help: `Set ${context.path('deploySecretsEnabled')} to true, or remove ${context.path(about)}: on is the default.`,
        })),
    ];
  },
});

function describe(value: unknown): string {
  if (value === null) return 'null (nothing follows the colon)';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'string') return 'a string';
  if (typeof value === 'boolean') return 'a boolean (unquoted yes, no, on, off, true and false are booleans)';
  return 'a number (unquoted digits are numbers)';
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
  return 'On install, Kubernetes would refuse the Secret made from it.';
}

function fix(path: string, about: SettingName, value: unknown): string {
  if (typeof value === 'string' && /^[\w.-]+:\S/.test(value))
    return `Put a space after the colon: without it, YAML reads a string under ${path}, not a key.`;
  if (about === 'certificate') return `Write a mapping with existing_cert, or with tls, under ${path}.`;
  if (about === 'tls') return `Write crt and key under ${path}, or set existing_cert next to it.`;
  if (about === 'pins') return `Write ${path} as a list of quoted strings, or remove it.`;
  if (typeof value === 'object') return `Write ${path} as one string on one line.`;
  return `Put the value of ${path} in quotes, if that is what was meant.`;
}
