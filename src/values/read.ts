import { type Lines, linesOf } from './lines.ts';
import type { SyntaxDiagnostic, ValuesFile } from './values.ts';
import { viewValues } from './view.ts';
import { readDocuments } from './yaml/documents.ts';
import { decodeText } from './yaml/encoding.ts';
import { YamlError } from './yaml/error.ts';
import { mergeDocuments } from './yaml/node.ts';

/**
 * Reads a values file as Helm does (Helm 3 and Helm 4 both read YAML through go-yaml v2).
 *
 * @param bytes the file as it is on disk; the caller bounds its size
 * @param file its name, for locations
 */
export async function readValues(bytes: Buffer, file: string): Promise<ValuesFile> {
  const decoded = decodeText(bytes);
  const lines = linesOf(decoded.text, file);
  try {
    if (decoded.error !== null) throw decoded.error;
    const documents = await readDocuments(decoded.text);
    const [first, second] = documents;
    return {
      ok: true,
      values: viewValues(mergeDocuments(documents.map(({ root }) => root)), lines),
      firstDocument: second === undefined ? null : viewValues(first.root, lines),
      secondDocument: second === undefined ? null : lines.location(second.span.start, second.span.start),
    };
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    return { ok: false, diagnostic: diagnosticOf(error, lines) };
  }
}

/** The words and the place of an error. */
export function diagnosticOf(error: YamlError, lines: Lines): SyntaxDiagnostic {
  const { message: reason, help, start, end, byHelm } = error;
  return { reason, help, location: lines.location(start, end), byHelm };
}
