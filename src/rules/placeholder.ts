import { rule } from './rule.ts';
import { encodeCommand } from './shared/commands.ts';
import { eachValue } from './shared/needs.ts';
import { isPlaceholder } from './shared/placeholders.ts';
import { LIGHTRUN_PAGE } from './shared/sources.ts';

export const placeholder = rule({
  id: 'placeholder',
  severity: 'error',
  refusedBy: ['kubernetes'],
  stage: 'values',
  title: 'an example was not replaced',
  means: 'A value is the text of an example, such as <base64-encoded-certificate>, LS0tLS1... or changeme.',
  why: 'Helm passes it on like a real value, until Kubernetes refuses it or a pod fails.',
  sources: [LIGHTRUN_PAGE],
  bad: 'certificate:\n  tls:\n    crt: "<base64-encoded-certificate>"\n    key: "<base64-encoded-private-key>"',
  good: 'certificate:\n  tls:\n    crt: "LS0tLS1CRUdJTi…"\n    key: "LS0tLS1CRUdJTi…"',
  fix: 'Replace it with the real value.',
  stops: 'error',
  needs: eachValue('existingCert', 'crt', 'key', 'pins', 'endpoint'),
  check({ target, about, entry, path, show }) {
    const found = [entry.value].flat().find(isPlaceholder);
    if (found === undefined) return null;
    const isEncoded = about === 'crt' || about === 'key';
    return {
      message: `${path(about)} still holds the text of an example${isEncoded ? '' : ` (${show(found, 'value')})`}. On install, Helm would use it as it is.`,
      help: isEncoded
        ? `Replace it with what this prints:\n  ${encodeCommand(target, about)}`
        : 'Replace it with the real value.',
    };
  },
});
