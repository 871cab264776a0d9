// The values files of the benchmark, and a chart to hold them against.
import { EXISTING_CERT_VALUES, exampleChain, inlineValues } from './example.mjs';

const SERVICES = ['backend', 'frontend', 'router', 'cache', 'queue', 'crons', 'storage', 'metrics'];

/** Some fifty lines of what else a small values file for the Lightrun chart sets. */
const OTHER_VALUES = `# Values for the staging cluster.
general:
  name: staging
  namespace: lightrun
  lightrun_endpoint: "lightrun.example.com"
  deploy_secrets:
    enabled: true
  internal_tls:
    enabled: false
  router:
    enabled: true
    tls:
      enabled: true
  # Images come from the mirror.
  images:
    registry: "registry.example.com/mirror"
    pullPolicy: IfNotPresent
deployments:
${['backend', 'frontend', 'router']
  .map(
    (name) => `  ${name}:
    replicas: 2
    resources:
      requests:
        cpu: 500m
        memory: 1Gi
      limits:
        memory: 2Gi
`,
  )
  .join('')}service_accounts:
  create: true
ingress:
  enabled: true
  className: nginx
  annotations:
    nginx.ingress.kubernetes.io/proxy-body-size: 10m
    nginx.ingress.kubernetes.io/proxy-read-timeout: "3600"
mysql:
  enabled: true
redis:
  enabled: true
  auth:
    enabled: true
# What clients trust.
`;

/** About 1,100 lines written as charts write their defaults: comments, nested mappings, lists, empty values. */
function chartDefaults() {
  const lines = ['# Default values.', ''];
  for (let round = 0; lines.length < 1080; round += 1) {
    const name = `${SERVICES[round % SERVICES.length]}${round < SERVICES.length ? '' : round}`;
    lines.push(
      `## Parameters of ${name}`,
      `${name}:`,
      '  # -- Whether it is deployed at all',
      `  enabled: ${round % 3 !== 0}`,
      '  image:',
      `    repository: "registry.example.com/lightrun/${name}"`,
      `    tag: "1.${round}.0"`,
      '    pullPolicy: IfNotPresent',
      '    pullSecrets: []',
      '  replicas: 1',
      '  # -- Requests and limits; see the sizing guide',
      '  resources:',
      '    requests: { cpu: 250m, memory: 512Mi }',
      '    limits:',
      '      cpu: "1"',
      '      memory: 1Gi',
      '  podAnnotations: {}',
      '  podSecurityContext:',
      '    runAsNonRoot: true',
      '    runAsUser: 1000',
      '    fsGroup: 1000',
      '  containerSecurityContext:',
      '    allowPrivilegeEscalation: false',
      '    capabilities:',
      '      drop:',
      '        - ALL',
      '  nodeSelector: {}',
      '  tolerations: []',
      '  affinity: {}',
      '  extraEnvs:',
      "    - name: JAVA_OPTS # for the service's own process",
      '      value: "-Xms256m -XX:+ExitOnOutOfMemoryError"',
      `    - name: SERVICE_NAME`,
      `      value: ${name}`,
      '  service:',
      '    type: ClusterIP',
      '    port: 8080',
      '    annotations: {}',
      '  livenessProbe:',
      '    httpGet: { path: /health, port: http }',
      '    initialDelaySeconds: 30',
      '    periodSeconds: 10',
      '',
    );
  }
  return `${lines.join('\n')}\n`;
}

const CHART_DEFAULTS = chartDefaults();
const GENERAL = 'general:\n  lightrun_endpoint: lightrun.example.com\n';

/** A values file of 1,100 lines with a chain of its own; the keys in it are those of `exampleChain`. */
export function largeValues() {
  const { certificates, key } = exampleChain();
  return CHART_DEFAULTS + GENERAL + inlineValues(certificates, key);
}

/**
 * Makes the benchmark's values files; the keys in them are made on the spot.
 *
 * @returns file names with their text
 */
export function benchValues() {
  const { certificates, key } = exampleChain();
  const inline = inlineValues(certificates, key);
  return {
    'chain.yaml': OTHER_VALUES + inline,
    'existing.yaml': OTHER_VALUES + EXISTING_CERT_VALUES,
    'large.yaml': CHART_DEFAULTS + GENERAL + inline,
  };
}

/** A chain of three with its key, as PEM in that order; the key is made on the spot. */
export function benchPair() {
  const { certificates, key } = exampleChain();
  return certificates.join('') + key;
}

/**
 * Makes a chart whose defaults are about 1,100 lines and which renders a Deployment and a Service for each of its
 * parts, and the Secret as the Lightrun chart does.
 *
 * @returns paths within the chart's folder with their text
 */
export function benchChart() {
  const workloads = `{{- range $name, $part := .Values }}
{{- if hasKey $part "podAnnotations" }}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $name }}
spec:
  replicas: {{ $part.replicas }}
  selector:
    matchLabels: { app: {{ $name }} }
  template:
    metadata:
      labels: { app: {{ $name }} }
      annotations: {{- toYaml $part.podAnnotations | nindent 8 }}
    spec:
      securityContext: {{- toYaml $part.podSecurityContext | nindent 8 }}
      containers:
        - name: {{ $name }}
          image: "{{ $part.image.repository }}:{{ $part.image.tag }}"
          securityContext: {{- toYaml $part.containerSecurityContext | nindent 12 }}
          env: {{- toYaml $part.extraEnvs | nindent 12 }}
          resources: {{- toYaml $part.resources | nindent 12 }}
          livenessProbe: {{- toYaml $part.livenessProbe | nindent 12 }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ $name }}
spec:
  type: {{ $part.service.type }}
  selector: { app: {{ $name }} }
  ports:
    - port: {{ $part.service.port }}
{{- end }}
{{- end }}
`;
  const secret = `apiVersion: v1
kind: Secret
metadata:
  name: {{ .Release.Name }}-certificate
type: kubernetes.io/tls
data:
  tls.crt: {{ .Values.certificate.tls.crt }}
  tls.key: {{ .Values.certificate.tls.key }}
`;
  return {
    'Chart.yaml': 'apiVersion: v2\nname: bench\nversion: 0.1.0\n',
    'values.yaml': chartDefaults(),
    'templates/workloads.yaml': workloads,
    'templates/secret.yaml': secret,
  };
}
