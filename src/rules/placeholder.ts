import type { SettingName } from '../values/settings.ts';
import type { RawFinding, Rule } from './rule.ts';
import { encodeCommand } from './shared/commands.ts';
import { LIGHTRUN_PAGE } from './shared/sources.ts';
import type { Target } from './shared/target.ts';
import { pathOf, show } from './shared/words.ts';

const LONGEST_PLACEHOLDER = 300;

/** Of a text in lower case; a flag for that would cost a cold process a millisecond. */
const PLACEHOLDERS: readonly RegExp[] = [
  /^<[^<>]*>$/,
  /^\[[^[\]]*\]$/,
  /^[a-z0-9+/=]*(\.\.+|\u2026)[a-z0-9+/=.\u2026]*$/,
  /^(change|replace|fill|insert|put|paste)[-_ ]?(me|this|it|in|here)$/,
  /^(todo|tbd|fixme|placeholder|x{3,12}|\?+|n\/a)$/,
  /^your[-_ ].*(cert|crt|key|secret|pin|hash|host|domain|endpoint|here)/,
  /^base64[-_ ]?(encoded)?[-_ ]?(of[-_ ])?(certificate|cert|crt|key|private[-_ ]?key)([-_ ]?(here|value|chain))?$/,
];

/** Whether a text is one that stands in examples, for a person to replace. */
export function isPlaceholder(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > LONGEST_PLACEHOLDER) return false;
  const text = value.trim().toLowerCase();
  return PLACEHOLDERS.some((pattern) => pattern.test(text));
}

export const placeholder: Rule = {
  id: 'placeholder',
  severity: 'error',
  stage: 'values',
  title: 'the text of an example was left in',
  means: 'A value is the text of an example, such as <base64-encoded-certificate>, LS0tLS1... or changeme.',
  why: 'Nothing on the way to the cluster tells it from a real value before Kubernetes refuses it, or a pod fails.',
  sources: [LIGHTRUN_PAGE],
  bad: 'certificate:\n  tls:\n    crt: "<base64-encoded-certificate>"\n    key: "<base64-encoded-private-key>"',
  good: 'certificate:\n  tls:\n    crt: "LS0tLS1CRUdJTi…"\n    key: "LS0tLS1CRUdJTi…"',
  fix: 'Replace it with the real value.',
  appliesTo: [['existingCert'], ['crt'], ['key'], ['pins'], ['endpoint']],
  stops: 'error',
  check(target, _options, [name]) {
    const about = name as SettingName;
    const { value } = target.settings[about];
    const found = Array.isArray(value) ? value.find(isPlaceholder) : value;
    return isPlaceholder(found) ? [finding(target, about, found)] : [];
  },
};

function finding(target: Target, about: SettingName, value: string): RawFinding {
  const isMaterial = about === 'crt' || about === 'key';
  const shown = isMaterial ? '' : ` (${show(value)})`;
  return {
    about,
    message: `${pathOf(target, about)} still holds the text of an example${shown}. On install, it would be used as it stands.`,
    help: isMaterial
      ? `Replace it with what this prints:\n  ${encodeCommand(target, about)}`
      : 'Replace it with the real value.',
  };
}
