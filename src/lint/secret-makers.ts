import { findReleases } from '../delivery/find.ts';
import type { ManifestObject } from '../delivery/form.ts';
import { mayHoldReleases } from '../delivery/may-hold-releases.ts';
import { type SecretMaker, secretMaker } from '../delivery/secret-makers.ts';
import { LintError } from '../errors.ts';
import type { Input } from '../files/read.ts';
import { isHostName } from '../text/names.ts';
import { redact } from '../text/redact.ts';
import { plainValues } from '../values/plain.ts';
import { readValues } from '../values/read.ts';
import { readSettings, type Settings } from '../values/settings.ts';
import { checkTarget } from './check.ts';
import type { LintOptions } from './lint.ts';
import type { ManifestOutcome } from './releases.ts';
import { readTarget } from './target.ts';

const TLS_TYPE = 'kubernetes.io/tls';

/**
 * Lints what makes the Secret of the certificate: a Certificate only where values of the same invocation name its Secret
 * in existing_cert, what makes a Secret of type kubernetes.io/tls also by itself. What is in the Secret is not known here.
 */
export async function lintSecretMakers(
  objects: readonly ManifestObject[],
  own: Input,
  options: LintOptions,
): Promise<ManifestOutcome[]> {
  const makers = objects.flatMap((object) => {
    const maker = secretMaker(object);
    return maker ? [{ object, maker }] : [];
  });
  if (makers.length === 0) return [];
  const named = await settingsNamingSecrets(own, options);
  const outcomes: ManifestOutcome[] = [];
  for (const { object, maker } of makers) {
    const settings = named.find(({ existingCert }) => existingCert.value === maker.secret) ?? null;
    const isByItself = maker.kind !== 'Certificate' && maker.type === TLS_TYPE;
    if (settings === null && !isByItself) continue;
    const outcome = await lintMaker(object, maker, settings, options);
    outcomes.push({ outcome, document: object.document });
  }
  return outcomes;
}

/** The settings of all values at hand that name a Secret. */
async function settingsNamingSecrets(own: Input, options: LintOptions): Promise<Settings[]> {
  const { others, root } = options;
  const found: Settings[] = [];
  for (const input of [own, ...(others?.inputs() ?? [])]) {
    const all = mayHoldReleases(input.bytes) ? await releaseValues(input, options) : [];
    const plain =
      all.length === 0 && input.bytes.includes('existing_cert')
        ? await readValues(input.bytes, input.name)
        : null;
    for (const values of plain?.ok ? [plain.values] : all) found.push(readSettings(values, root));
  }
  return found;
}

async function releaseValues(input: Input, options: LintOptions) {
  try {
    return (await findReleases(input, options)).releases.map(({ values }) => values);
  } catch (error) {
    // Of a file that cannot be read its own result says so.
    if (error instanceof LintError) return [];
    throw error;
  }
}

async function lintMaker(
  { file }: ManifestObject,
  maker: SecretMaker,
  settings: Settings | null,
  options: LintOptions,
) {
  const host = settings?.endpoint.value;
  const ingress = settings?.ingress.value;
  const router = typeof ingress === 'boolean' ? { router: { ingress: { enabled: ingress } } } : {};
  const endpoint = typeof host === 'string' && isHostName(host) ? { lightrun_endpoint: host } : {};
  const data = { certificate: { existing_cert: maker.secret }, general: { ...endpoint, ...router } };
  const path = maker.kind === 'Certificate' ? ['spec', 'secretName'] : ['metadata', 'name'];
  const values = plainValues(data, maker.placeOf(...path).location);
  const title = `${file.name} (${maker.kind} ${redact(maker.name, 'object name')})`;
  const target = await readTarget(title, values, [], options, null, null);
  return checkTarget({ ...target, maker, secretName: maker.secret }, options);
}
