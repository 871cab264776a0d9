import { capitalized } from '../text/display.ts';
import type { Rule } from './rule.ts';
import { measured } from './shared/sources.ts';

export const valuesSyntax: Rule = {
  id: 'values-syntax',
  severity: 'error',
  stage: 'values',
  title: 'the file is not YAML that Helm reads',
  means:
    'The file is not YAML that both Helm 3 and Helm 4 read, or its top is not a mapping of keys to values.',
  why: 'Helm stops before it renders anything, or reads something else than what was meant.',
  sources: [measured('Helm 3.17 and 4.1 refuse such a file')],
  bad: 'certificate:\n  existing_cert: "my-tls-secret',
  good: 'certificate:\n  existing_cert: "my-tls-secret"',
  fix: 'Correct the YAML at the place that is named.',
  appliesTo: [['certificate']],
  stops: 'always',
  check({ problem }) {
    if (problem === null) return [];
    return [
      {
        about: 'certificate',
        message: `${capitalized(problem.reason)}. On install, ${stopping(problem.reason)} would stop at this file.`,
        help: problem.help,
        location: problem.location,
        path: [],
      },
    ];
  },
};

/** Some files are read by one of the two. */
const stopping = (reason: string): string => (reason.includes('Helm 4 refuses') ? 'Helm 4' : 'Helm');
