import { rule } from './rule.ts';
import { values } from './shared/needs.ts';
import { measured } from './shared/sources.ts';

export const valuesManyDocuments = rule({
  id: 'values-many-documents',
  severity: 'warning',
  refusedBy: [],
  stage: 'values',
  title: 'several YAML documents, which Helm 3 and Helm 4 read differently',
  means:
    'The file holds several YAML documents (`---`), and Helm 3 and Helm 4 read different values from them. An error where the first is empty: Helm 3 reads nothing.',
  why: 'Helm 3 reads the first document only; Helm 4 merges them all, later ones over earlier ones.',
  sources: [measured('one file with two documents renders differently in Helm 3.17 and 4.1')],
  bad: 'certificate:\n  existing_cert: first\n---\ncertificate:\n  existing_cert: second',
  good: 'certificate:\n  existing_cert: second',
  fix: 'Make it one document: merge the parts by hand and delete the `---` line.',
  needs: values('certificate'),
  check({ target: { secondDocument, isFirstEmpty } }) {
    if (secondDocument === null) return null;
    if (isFirstEmpty) {
      return {
        severity: 'error',
        refusedBy: ['openssl', 'nginx', 'go'],
        message: `The first YAML document is empty, and the values start in the second, on line ${secondDocument.line}. Helm 3 reads only the first: on install, it would use nothing of this file.`,
        help: 'Delete the --- line before the values.',
        location: secondDocument,
        path: [],
      };
    }
    return {
      message: `A second YAML document starts on line ${secondDocument.line}. Helm 3 reads only the first, Helm 4 merges all of them: the same file installs different settings.`,
      help: 'Merge the documents into one and delete the --- line between them.',
      location: secondDocument,
      path: [],
    };
  },
});
