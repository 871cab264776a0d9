import { cutManifests, objectsIn, readManifest } from '../manifests/secrets.ts';
import { linesOf } from '../values/lines.ts';
import { diagnosticOf } from '../values/read.ts';
import type { SyntaxDiagnostic } from '../values/values.ts';
import { decodeText } from '../values/yaml/encoding.ts';
import { newBudget, YamlError } from '../values/yaml/error.ts';
import type { ManifestFile, ManifestObject } from './form.ts';
import { FORMS } from './forms.ts';
import { textAt } from './nodes.ts';

/** What else can matter to a release, as words of its document. */
const OTHERS = ['Secret', 'ConfigMap', 'Certificate', 'OCIRepository', 'HelmChart'];

/** The objects in a file of manifests. */
export interface ManifestObjects {
  objects: readonly ManifestObject[];
  /** Documents that are not YAML, with their text. */
  unreadable: readonly { text: string; diagnostic: SyntaxDiagnostic }[];
}

/**
 * Reads the objects of a file that can carry values, or matter to what does; other documents are not read as YAML.
 * @param name what reports call it
 */
export async function readObjects(bytes: Buffer, name: string): Promise<ManifestObjects> {
  const { text } = decodeText(bytes);
  const file: ManifestFile = { name, text, lines: linesOf(text, name) };
  const objects: ManifestObject[] = [];
  const unreadable: ManifestObjects['unreadable'][number][] = [];
  const budget = newBudget();
  for (const [document, span] of [...cutManifests(text)].entries()) {
    const content = text.slice(span.start, span.end);
    if (!mayMatter(content)) continue;
    try {
      const root = await readManifest(text, span, budget);
      for (const { object, kind, path } of objectsIn(root, '', [])) {
        const version = textAt(object, 'apiVersion');
        objects.push({
          file,
          document,
          path,
          node: object,
          group: version === null ? null : version.includes('/') ? (version.split('/')[0] ?? '') : '',
          kind: kind || null,
          name: textAt(object, 'metadata', 'name'),
          namespace: textAt(object, 'metadata', 'namespace'),
        });
      }
    } catch (error) {
      if (!(error instanceof YamlError)) throw error;
      unreadable.push({ text: content, diagnostic: diagnosticOf(error, file.lines) });
    }
  }
  return { objects, unreadable };
}

function mayMatter(content: string): boolean {
  return (
    OTHERS.some((word) => content.includes(word)) ||
    FORMS.some(({ words }) => words.every((word) => content.includes(word)))
  );
}

/** The releases in an object, whatever its form. */
export async function releasesIn(
  object: ManifestObject,
  index: Parameters<(typeof FORMS)[number]['releasesIn']>[1],
) {
  const found = await Promise.all(FORMS.map((form) => form.releasesIn(object, index)));
  return found.flat();
}
