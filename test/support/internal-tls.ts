/** The services that have a Secret of their own with internal TLS, by the chart's defaults. */
const SERVICES = ['frontend', 'keycloak', 'keycloak_cluster', 'redis', 'rabbitmq', 'artifacts'] as const;

/** What is said of internal TLS. */
export interface InternalTls {
  enabled?: string;
  /** Lines under `certificates`, such as `source: existing_certificates`. */
  certificates?: readonly string[];
  /** The names of the Secrets; null for none at all. */
  secrets?: Readonly<Record<string, string>> | null;
  /** Lines under `general`. */
  general?: readonly string[];
}

/** A name for every service. */
export const ALL_SECRETS: Readonly<Record<string, string>> = Object.fromEntries(
  SERVICES.map((name) => [name, 'my-internal']),
);

/** YAML after the certificate: internal TLS that is right unless something else is said. */
export function internalTls({
  enabled = 'true',
  certificates = [],
  secrets = ALL_SECRETS,
  general = [],
}: InternalTls): string {
  return [
    'general:',
    ...general.map((line) => `  ${line}`),
    '  internal_tls:',
    `    enabled: ${enabled}`,
    '    certificates:',
    ...certificates.map((line) => `      ${line}`),
    ...(secrets === null
      ? ['      x: 1']
      : [
          '      existing_certificates:',
          ...Object.entries({ x: '1', ...secrets }).map(([name, value]) => `        ${name}: ${value}`),
        ]),
    '',
  ].join('\n');
}
