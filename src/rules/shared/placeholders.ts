const MAX_LENGTH = 300;

/** Matched against lower case; a flag for that would cost a cold process a millisecond. */
const PLACEHOLDERS: readonly RegExp[] = [
  /^<[^<>]*>$/,
  /^\[[^[\]]*\]$/,
  /^[a-z0-9+/=]*(\.\.+|\u2026)[a-z0-9+/=.\u2026]*$/,
  /^(change|replace|fill|insert|put|paste)[-_ ]?(me|this|it|in|here)$/,
  /^(todo|tbd|fixme|placeholder|x{3,12}|\?+|n\/a)$/,
  /^your[-_ ].*(cert|crt|key|secret|pin|hash|host|domain|endpoint|here)/,
  /^base64[-_ ]?(encoded)?[-_ ]?(of[-_ ])?(certificate|cert|crt|key|private[-_ ]?key)([-_ ]?(here|value|chain))?$/,
];

/** Whether a value is a string that examples use, for a person to replace. */
export function isPlaceholder(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > MAX_LENGTH) return false;
  const text = value.trim().toLowerCase();
  return PLACEHOLDERS.some((pattern) => pattern.test(text));
}
