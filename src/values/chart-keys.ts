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
];

/** Whether a key is one of the Lightrun chart's own, and so cannot be the name of a subchart that holds its values. */
export function isChartKey(key: string): boolean {
  return CHART_KEYS.includes(key);
}
