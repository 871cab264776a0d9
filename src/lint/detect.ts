import { LintError } from '../errors.ts';
import type { Input } from '../files/read.ts';
import { contentsOf } from '../rules/shared/contents.ts';
import { misplacedIn } from '../rules/shared/misplaced.ts';
import type { Target } from '../rules/shared/target.ts';
import { isMap } from '../values/values.ts';
import { decodeText } from '../values/yaml/encoding.ts';
import type { Outcome } from './check.ts';
import { lintInput } from './input.ts';
import type { LintOptions } from './lint.ts';
import { NothingOfLightrun } from './nothing.ts';

/** The keys under `certificate` that the chart reads. */
const CHART_KEYS = ['existing_cert', 'security_pinned_hashes', 'tls'];
/** What is of Lightrun has one of these: a key of the chart, or a certificate or key as PEM or base64. */
const MARKS =
  /certificate|lightrun-helm-chart|lightrun_endpoint|tls\.crt|existing[-_]?cert|-----BEGIN|[\w+/-]{48}/i;
/** Other charts too have a `tls.secretName`; this name is of Lightrun. */
const EXISTING_CERT = /(?:^|\.)existing[-_]?cert(?:ificate)?$/i;
/** The first line that is more than a comment or the start of a document begins an item of a list. */
const LIST = /^\ufeff?(?:[ \t]*(?:#[^\n]*|\r)?\n|(?:---|%)[^\n]*\n)*[ \t]*-(?:[ \t\r]|\n)/;

/**
 * Lints the text of one file where its content says that it is of Lightrun.
 * @returns nothing for another chart's values, a template, a list or a manifest, in which no mistake is known
 * @throws LintError where it is of Lightrun, and this program cannot read it, though Helm may
 */
export async function lintDetected(input: Input, options: LintOptions): Promise<Outcome[]> {
  // Most files in a repository have none, and need not be parsed.
  if (!MARKS.test(decodeText(input.bytes).text)) return [];
  try {
    const outcomes = await lintInput(input, options);
    const kept: Outcome[] = [];
    for (const outcome of outcomes) {
      const { target } = outcome;
      const isOurs = target.secretName
        ? isNamed(target.secretName, options)
        : isOfLightrun(target, input.bytes);
      if (isOurs) kept.push(outcome);
    }
    return kept;
  } catch (error) {
    const isOther = error instanceof NothingOfLightrun || !looksLikeOurs(input.bytes);
    if (error instanceof LintError && isOther) return [];
    throw error;
  }
}

/** Whether a file of the same run names a Secret in existing_cert: other teams' Secrets are passed over. */
function isNamed(secret: string, { others }: LintOptions): boolean {
  for (const { bytes } of others?.inputs() ?? []) {
    if (!bytes.includes('existing_cert')) continue;
    for (const [, name] of bytes
      .toString()
      .matchAll(/existing_cert["']?[ \t]*:[ \t]*["']?([a-z0-9][a-z0-9.-]*)/g)) {
      if (name === secret) return true;
    }
  }
  return false;
}

function isOfLightrun(target: Target, bytes: Buffer): boolean {
  if (target.delivery) return true;
  if (target.diagnostic !== null) return looksLikeOurs(bytes);
  if (!target.hasValues) return false;
  const { certificate, endpoint } = target.settings;
  const { value } = certificate;
  if (endpoint.present || (isMap(value) && CHART_KEYS.some((name) => Object.hasOwn(value, name))))
    return true;
  return misplacedIn(target).some(({ meant, entry }) =>
    meant === 'existingCert' ? EXISTING_CERT.test(entry.path.join('.')) : contentsOf(entry.value) !== null,
  );
}

/** Of what cannot be read as values, by its words. */
function looksLikeOurs(bytes: Buffer): boolean {
  const { text } = decodeText(bytes);
  const has = (word: string) => text.includes(word);
  return has('certificate:') && (has('crt:') || has('existing_cert:')) && !has('{{') && !LIST.test(text);
}
