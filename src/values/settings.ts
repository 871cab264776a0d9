import type { Entry, Values } from './values.ts';

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
  ingress: ['general', 'router', 'ingress', 'enabled'],
  openshiftHostname: ['general', 'openshift_embeded_hostname'],
  routerTls: ['general', 'router', 'tls', 'enabled'],
  keystorePassword: ['secrets', 'defaults', 'keystore_password'],
} as const;

export type SettingName = keyof typeof PATHS;
export type Settings = Readonly<Record<SettingName, Entry>>;

const NAMES = Object.keys(PATHS) as SettingName[];

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
 * Whether the chart makes Secrets from values: `general.deploy_secrets`, a map with `enabled` or a plain bool;
 * the chart's default is on.
 */
export function deploysSecrets(settings: Settings): boolean {
  const { deploySecrets, deploySecretsEnabled } = settings;
  if (deploySecretsEnabled.present) return isSet(deploySecretsEnabled.value);
  const value = deploySecrets.value;
  return typeof value === 'boolean' ? value : true;
}
