import { resolvedText, resolverOf } from './unresolved.ts';
import { type Entry, isMap, type Values } from './values.ts';

/** The values that the rules read, by short names. */
const PATHS = {
  certificate: ['certificate'],
  existingCert: ['certificate', 'existing_cert'],
  tls: ['certificate', 'tls'],
  crt: ['certificate', 'tls', 'crt'],
  key: ['certificate', 'tls', 'key'],
  pins: ['certificate', 'security_pinned_hashes'],
  endpoint: ['general', 'lightrun_endpoint'],
  deploySecrets: ['general', 'deploy_secrets'],
  deploySecretsEnabled: ['general', 'deploy_secrets', 'enabled'],
  internalTls: ['general', 'internal_tls', 'enabled'],
  internalTlsVerification: ['general', 'internal_tls', 'certificates', 'verification'],
  internalTlsSource: ['general', 'internal_tls', 'certificates', 'source'],
  internalTlsSecrets: ['general', 'internal_tls', 'certificates', 'existing_certificates'],
  internalTlsCa: ['general', 'internal_tls', 'certificates', 'existing_ca_secret_name'],
  ingress: ['general', 'router', 'ingress', 'enabled'],
  openshiftHostname: ['general', 'openshift_embeded_hostname'],
  routerTls: ['general', 'router', 'tls', 'enabled'],
  nameOverride: ['general', 'nameOverride'],
  crons: ['general', 'crons', 'enabled'],
  queue: ['general', 'mq', 'enabled'],
  localQueue: ['general', 'mq', 'local'],
  dataStreamer: ['general', 'data_streamer', 'enabled'],
  externalRedis: ['deployments', 'redis', 'external', 'enabled'],
  keycloakCluster: ['deployments', 'keycloak', 'clusterMode'],
  keystorePassword: ['secrets', 'defaults', 'keystore_password'],
} as const;

export type SettingName = keyof typeof PATHS;

/** Those that say only what else the chart renders: nothing is checked of them. */
const BESIDE: ReadonlySet<SettingName> = new Set<SettingName>([
  'internalTlsSecrets',
  'crons',
  'queue',
  'localQueue',
  'dataStreamer',
  'externalRedis',
  'keycloakCluster',
]);
export type Settings = Readonly<Record<SettingName, Entry>>;

const NAMES = Object.keys(PATHS) as SettingName[];

/** The settings that are checked: one that has yet to be filled in is said to be not checked. */
export const CHECKED_SETTINGS = NAMES.filter((name) => !BESIDE.has(name)) as [SettingName, ...SettingName[]];

/** Looks all settings up in one set of values. */
export function readSettings(values: Values, root: readonly string[]): Settings {
  const entries = NAMES.map((name) => [name, values.get([...root, ...PATHS[name]])]);
  return Object.fromEntries(entries) as Settings;
}

/** Whether a value counts as set in a Go template's `if`: not null, false, 0, or an empty string, list or map. */
export function isSet(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (value !== null && typeof value === 'object') return Object.keys(value).length > 0;
  return Boolean(value);
}

/** Whether there is no value at all: absent, null, or empty as the chart's own defaults leave it. */
export function isUnset(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

/**
 * Whether the chart makes Secrets from values: `general.deploy_secrets`, a map with `enabled` or a boolean;
 * the chart's default is on.
 */
export function deploysSecrets(settings: Settings): boolean {
  const { deploySecrets, deploySecretsEnabled } = settings;
  if (deploySecretsEnabled.present) return isSet(deploySecretsEnabled.value);
  const value = deploySecrets.value;
  return typeof value === 'boolean' ? value : true;
}

/** Whether a switch is on: where it is not set, as the chart's default has it. */
export function isOn({ present, value }: Entry, byDefault: boolean): boolean {
  return present ? isSet(value) : byDefault;
}

/**
 * The password of the keystores as the chart writes it: in quotes, whatever its type.
 * @returns null where it is no scalar, or has yet to be filled in; empty where it is not set
 * @see Helm: YAML numbers become a float64, which Go's `%v` prints
 */
export function passwordText(value: unknown): string | null {
  if (isUnset(value)) return '';
  if (typeof value === 'number') return goNumber(value);
  return typeof value === 'boolean' ? String(value) : resolvedText(value);
}

/** Digits before the point beyond which Go's `%v` turns to an exponent, and zeros after it. */
const [MOST_DIGITS, MOST_ZEROS] = [6, 4] as const;

function goNumber(value: number): string {
  const [digits = '', exponent = 0] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power >= -MOST_ZEROS && power < MOST_DIGITS) return String(value);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

/**
 * Whether internal TLS is on, and meant to be: a string such as "false" counts as on for Helm, and `switch-text` says so
 * alone.
 */
export function hasInternalTls({ internalTls: { value } }: Settings): boolean {
  if (typeof value === 'string') return /^(?:true|yes|on|y|1)$/i.test(value);
  return isSet(value);
}

/**
 * Whether the router verifies the backend's certificate, as `<fullname>-backend`: internal TLS, its verification, which
 * is on by default, and a Secret with the CA.
 * @see chart 3.50.0, `router.internal_tls_use_ca_cert` in helpers/_router.tpl
 */
export function verifiesBackend(settings: Settings): boolean {
  const { internalTlsVerification, internalTlsCa } = settings;
  return hasInternalTls(settings) && isOn(internalTlsVerification, true) && isSet(internalTlsCa.value);
}

const LONGEST_FULLNAME = 63;

/**
 * What the names of the chart's objects begin with.
 * @param release the release's name; null where it is not known
 * @returns null where that decides, and is not known
 * @see chart 3.50.0, `lightrun.fullname` in helpers/_helpers.tpl
 */
export function fullnameOf({ nameOverride }: Settings, release: string | null): string | null {
  const { value } = nameOverride;
  const name = isSet(value) ? value : release;
  if (typeof name !== 'string' || resolverOf(name) !== null) return null;
  return name.slice(0, LONGEST_FULLNAME).replace(/-$/, '');
}

/** Where the certificate comes from; `unreadable` where the values cannot be read at all. */
export type Source = 'inline' | 'existing-secret' | 'missing' | 'conflict' | 'unreadable';

/**
 * The source that these values use. `inline` also where only one of the two values is there, or where the whole of
 * `certificate` is still to be filled in.
 * @see chart fact 1: a set `existing_cert` silently wins over `tls`
 */
export function sourceOf(settings: Settings): Source {
  const secret = isSet(settings.existingCert.value);
  const inline =
    isSet(settings.crt.value) || isSet(settings.key.value) || isUnreadableMap(settings.tls.value);
  if (secret && inline) return 'conflict';
  if (secret) return 'existing-secret';
  return inline || resolverOf(settings.certificate.value) ? 'inline' : 'missing';
}

/** `tls: "…"`, a list, a number: something was meant, but it holds no `crt` or `key`. */
function isUnreadableMap(tls: unknown): boolean {
  return !isMap(tls) && isSet(tls);
}

/** The top-level keys of the Lightrun chart's values.yaml, in 3.50.0 and in earlier versions; no subchart is there. */
const CHART_KEYS: readonly string[] = [
  'certificate',
  'deployments',
  'general',
  'secrets',
  'serviceAccount',
  'ingress_agents',
  'ingress_clients',
  'ingress_keycloak_admin',
  'ingress_metrics',
  // Helm's own: what all charts share.
  'global',
];

/** Whether a key is one of the Lightrun chart's own, and so cannot be the name of a subchart that holds its values. */
export function isChartKey(key: string): boolean {
  return CHART_KEYS.includes(key);
}
