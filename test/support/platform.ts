import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Workloads that mount the certificate as those of the Lightrun chart do: `router` has a checksum of its configuration,
 * the others have none; with internal TLS each service mounts a Secret of its own.
 */
const TEMPLATE = `{{- define "fullname" }}{{ default .Release.Name .Values.general.nameOverride | trunc 63 | trimSuffix "-" }}{{ end }}
{{- define "secret" }}{{ .Values.certificate.existing_cert | default (printf "%s-certificate" (include "fullname" .)) }}{{ end }}
{{- $g := .Values.general }}
{{- $tls := or $g.internal_tls.enabled $g.router.tls.enabled }}
{{- $ca := and $g.internal_tls.enabled $g.internal_tls.certificates.existing_ca_secret_name }}
{{- if not .Values.certificate.existing_cert }}
apiVersion: v1
kind: Secret
metadata: { name: {{ include "fullname" . }}-certificate }
type: kubernetes.io/tls
data:
  tls.crt: {{ .Values.certificate.tls.crt }}
  tls.key: {{ .Values.certificate.tls.key }}
---
{{- end }}
{{- range $name := list "backend" (ternary "crons" "" $g.crons.enabled) | compact }}
apiVersion: apps/v1
kind: Deployment
metadata: { name: {{ include "fullname" $ }}-{{ $name }} }
spec:
  selector: { matchLabels: { app: {{ $name }} } }
  template:
    metadata: { labels: { app: {{ $name }} } }
    spec:
      containers:
        - name: main
          image: lightrun
          env:
            - { name: HOST, value: {{ $g.lightrun_endpoint | quote }} }
            - { name: TLS, value: {{ printf "%v %v" $g.internal_tls.enabled $g.internal_tls.certificates.verification | quote }} }
            {{- if $.Values.certificate.security_pinned_hashes }}
            - { name: PINS, value: {{ join "," $.Values.certificate.security_pinned_hashes | quote }} }
            {{- end }}
      volumes:
        - { name: certificates, secret: { secretName: {{ include "secret" $ }} } }
        {{- if $ca }}
        - { name: ca, secret: { secretName: {{ $ca }} } }
        {{- end }}
---
{{- end }}
apiVersion: apps/v1
kind: Deployment
metadata: { name: {{ include "fullname" . }}-router }
spec:
  selector: { matchLabels: { app: router } }
  template:
    metadata:
      labels: { app: router }
      annotations: { checksum/config: {{ printf "%v %v %v" $tls $g.internal_tls $g.lightrun_endpoint | sha256sum }} }
    spec:
      containers: [{ name: main, image: lightrun }]
      volumes:
        - { name: conf, configMap: { name: conf } }
        {{- if $tls }}
        - { name: certificates, secret: { secretName: {{ include "secret" . }} } }
        {{- end }}
{{- if and $g.internal_tls.enabled (eq $g.internal_tls.certificates.source "existing_certificates") }}
{{- range $kind, $names := dict "StatefulSet" (list "keycloak") "Deployment" (list "frontend" "redis" "artifacts") }}
{{- range $name := $names }}
---
apiVersion: apps/v1
kind: {{ $kind }}
metadata: { name: {{ include "fullname" $ }}-{{ $name }} }
spec:
  selector: { matchLabels: { app: {{ $name }} } }
  template:
    metadata: { labels: { app: {{ $name }} } }
    spec:
      containers: [{ name: main, image: lightrun }]
      volumes:
        - { name: cert, secret: { secretName: {{ get $g.internal_tls.certificates.existing_certificates $name }} } }
{{- end }}
{{- end }}
{{- end }}
`;

const DEFAULTS = `general:
  nameOverride: ""
  lightrun_endpoint: lightrun.example.com
  deploy_secrets: { enabled: true }
  crons: { enabled: true }
  router: { tls: { enabled: false } }
  internal_tls:
    enabled: false
    certificates:
      verification: true
      existing_ca_secret_name: ""
      source: existing_certificates
      existing_certificates: { frontend: "", keycloak: "", keycloak_cluster: "", redis: "", rabbitmq: "", artifacts: "" }
certificate:
  existing_cert: ""
  security_pinned_hashes: []
  tls: { crt: "", key: "" }
secrets: { defaults: { keystore_password: "" } }
`;

/** Writes a chart with the workloads of the platform into a folder. */
export async function writePlatform(folder: string): Promise<void> {
  await mkdir(join(folder, 'templates'), { recursive: true });
  await writeFile(join(folder, 'Chart.yaml'), 'apiVersion: v2\nname: lightrun\nversion: 0.1.0\n');
  await writeFile(join(folder, 'values.yaml'), DEFAULTS);
  await writeFile(join(folder, 'templates', 'all.yaml'), TEMPLATE);
}
