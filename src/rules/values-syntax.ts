import { capitalized } from '../text/display.ts';
import { rule } from './rule.ts';
import { values } from './shared/needs.ts';
import { measured } from './shared/sources.ts';

export const valuesSyntax = rule({
  id: 'values-syntax',
  severity: 'error',
  refusedBy: ['helm'],
  stage: 'values',
  title: 'not YAML that Helm reads',
  means:
    'The file is not YAML that both Helm 3 and Helm 4 read, or its top is not a mapping of keys to values.',
  why: 'Helm stops before it renders anything, or reads something other than what was meant.',
  sources: [measured('Helm 3.17 and 4.1 refuse such a file')],
  bad: 'certificate:\n  existing_cert: "my-tls-secret',
  good: 'certificate:\n  existing_cert: "my-tls-secret"',
  fix: 'Correct the YAML at the place that is named.',
  stops: 'always',
  needs: values('certificate'),
  check({ target: { diagnostic } }) {
    if (diagnostic === null) return null;
    const { reason, help, location } = diagnostic;
    // One of the two Helms reads some files.
    const who = reason.includes('Helm 4 refuses') ? 'Helm 4' : 'Helm';
    return {
      message: `${capitalized(reason)}. On install, ${who} would stop at this file.`,
      help,
      location,
      path: [],
    };
  },
});
