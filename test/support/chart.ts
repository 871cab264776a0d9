import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Consumes the values as the Lightrun chart does: base64 unquoted on one line, names unquoted, `tls` read only where needed. */
const TEMPLATE = `{{- $deploy := .Values.general.deploy_secrets }}
{{- if not (kindIs "bool" $deploy) }}{{ $deploy = $deploy.enabled }}{{ end }}
{{- if and $deploy (not .Values.certificate.existing_cert) }}
apiVersion: v1
kind: Secret
metadata:
  name: {{ .Release.Name }}-certificate
data:
  tls.crt: {{ .Values.certificate.tls.crt }}
  tls.key: {{ .Values.certificate.tls.key }}
type: kubernetes.io/tls
{{- end }}
---
apiVersion: v1
kind: Pod
metadata:
  name: {{ .Release.Name }}-backend
spec:
  volumes:
    - name: certificate
      secret:
        secretName: {{ .Values.certificate.existing_cert | default (printf "%s-certificate" .Release.Name) }}
`;

const DEFAULTS = `general:
  lightrun_endpoint: lightrun.example.com
  deploy_secrets:
    enabled: true
certificate:
  existing_cert: ""
  tls:
    crt: ""
    key: ""
`;

/** Writes a chart that consumes the certificate values into a folder. */
export async function writeChart(folder: string): Promise<void> {
  await mkdir(join(folder, 'templates'), { recursive: true });
  await writeFile(join(folder, 'Chart.yaml'), 'apiVersion: v2\nname: lightrun\nversion: 0.1.0\n');
  await writeFile(join(folder, 'values.yaml'), DEFAULTS);
  await writeFile(join(folder, 'templates', 'certificate.yaml'), TEMPLATE);
}
